namespace Pebble.State;

/// <summary>A task failed for a reason that its user should read; the message becomes its ERROR line.</summary>
sealed class TaskFailure(string message) : Exception(message);
