using YamlDotNet.Core;

namespace Pebble.Plan;

/// <summary>Errors of the YAML parser in the words of Go's: "line 2: mapping values are not allowed in this context".</summary>
/// <remarks>Both parsers descend from libyaml: they find the same errors at the same places, and word them differently.</remarks>
static class YamlComplaint
{
    public static string Of(YamlException e)
    {
        // "While parsing a node, did not find expected node content."
        var message = (e.InnerException?.Message ?? e.Message).TrimEnd('.');
        var isScanning = message.StartsWith("While scanning", StringComparison.Ordinal);
        var comma = message.StartsWith("While ", StringComparison.Ordinal) ? message.IndexOf(", ", StringComparison.Ordinal) : -1;
        var problem = comma < 0 ? char.ToLowerInvariant(message[0]) + message[1..] : message[(comma + 2)..];
        problem = problem switch
        {
            "found invalid mapping" => "mapping values are not allowed in this context",
            "found a tab character that violate indentation" => "found a tab character that violates indentation",
            _ => problem,
        };
        // Go counts lines from 0 here, adds one only for the scanner's errors, and leaves the first line out.
        var line = e.Start.Line - 1;
        return line <= 0 ? problem : $"line {(isScanning ? line + 1 : line)}: {problem}";
    }
}
