using System.Text;
using Ops.HookTools;

namespace Ops;

/// <summary>Writes to the unit's log, which "juju debug-log" shows. Contents of secrets are replaced by asterisks.</summary>
public sealed class Logger
{
    /// <summary>Linux takes arguments of at most 131,071 bytes; longer messages become several.</summary>
    const int MessageLimit = 120_000;

    readonly IHookTools tools;
    readonly Redaction redaction;

    internal Logger(IHookTools tools, Redaction redaction)
    {
        this.tools = tools;
        this.redaction = redaction;
    }

    /// <summary>For whoever looks for a fault.</summary>
    /// <param name="message">The line.</param>
    public void Debug(string message) => Write("DEBUG", message);

    /// <summary>What an operator may want to know.</summary>
    /// <param name="message">The line.</param>
    public void Info(string message) => Write("INFO", message);

    /// <summary>Something is odd, and the charm goes on.</summary>
    /// <param name="message">The line.</param>
    public void Warning(string message) => Write("WARNING", message);

    /// <summary>Something failed.</summary>
    /// <param name="message">The line.</param>
    public void Error(string message) => Write("ERROR", message);

    void Write(string level, string message)
    {
        foreach (var part in Parts(redaction.Apply(message)))
        {
            tools.JujuLog(level, part);
        }
    }

    static IEnumerable<string> Parts(string message)
    {
        if (Encoding.UTF8.GetByteCount(message) <= MessageLimit)
        {
            yield return message.Length > 0 ? message : " ";
            yield break;
        }

        for (var start = 0; start < message.Length; start += MessageLimit / 4)
        {
            yield return message.Substring(start, Math.Min(MessageLimit / 4, message.Length - start));
        }
    }
}
