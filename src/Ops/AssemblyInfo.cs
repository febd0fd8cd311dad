using System.Runtime.CompilerServices;

// The calls of the C library are then compiled ahead (ReadyToRun), not when a charm starts.
[assembly: DisableRuntimeMarshalling]
[assembly: InternalsVisibleTo("Ops.Testing")]
[assembly: InternalsVisibleTo("Ops.Tests")]
