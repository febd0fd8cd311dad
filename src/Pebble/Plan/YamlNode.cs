using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Pebble.Plan;

/// <summary>A YAML value with its place in the text. Aliases are resolved, merge keys laid under their map.</summary>
abstract record YamlNode(int Line)
{
    const int MostNodes = 1_000_000;

    /// <summary>The document, null when it is empty.</summary>
    /// <exception cref="FormatException">In the words of the parser, after "yaml: ".</exception>
    public static YamlNode? Parse(string text)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                return null;
            }

            var budget = MostNodes;
            var node = Read(parser, [], ref budget);
            return node is YamlScalar { IsNull: true } ? null : node;
        }
        catch (YamlException e)
        {
            throw new FormatException($"yaml: {YamlComplaint.Of(e)}", e);
        }
    }

    static YamlNode Read(IParser parser, Dictionary<string, YamlNode> anchors, ref int budget)
    {
        if (--budget < 0)
        {
            throw new FormatException("yaml: document contains excessive aliasing");
        }

        switch (parser.Current)
        {
            case Scalar scalar:
                parser.MoveNext();
                return Remember(anchors, scalar, new YamlScalar(scalar.Value, scalar.IsPlainImplicit && scalar.Style == ScalarStyle.Plain, (int)scalar.Start.Line));
            case SequenceStart sequence:
                parser.MoveNext();
                List<YamlNode> items = [];
                while (!parser.TryConsume<SequenceEnd>(out _))
                {
                    items.Add(Read(parser, anchors, ref budget));
                }

                return Remember(anchors, sequence, new YamlList(items, (int)sequence.Start.Line));
            case MappingStart mapping:
                parser.MoveNext();
                return Remember(anchors, mapping, ReadMap(parser, (int)mapping.Start.Line, anchors, ref budget));
            case AnchorAlias alias:
                parser.MoveNext();
                return anchors.TryGetValue(alias.Value.Value, out var node)
                    ? node
                    : throw new FormatException($"yaml: unknown anchor '{alias.Value.Value}' referenced");
            default:
                throw new FormatException($"yaml: unexpected {parser.Current}");
        }
    }

    static YamlMap ReadMap(IParser parser, int line, Dictionary<string, YamlNode> anchors, ref int budget)
    {
        List<KeyValuePair<string, YamlNode>> entries = [];
        List<YamlMap> merged = [];
        List<(int Line, string Problem)> twins = [];
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (Read(parser, anchors, ref budget) is not YamlScalar key)
            {
                throw new FormatException($"yaml: line {line}: invalid map key");
            }

            var value = Read(parser, anchors, ref budget);
            if (key is { Text: "<<", IsPlain: true })
            {
                merged.AddRange(value is YamlList list ? list.Items.OfType<YamlMap>() : value is YamlMap map ? [map] : []);
                continue;
            }

            var earlier = entries.FindIndex(each => each.Key == key.Text);
            if (earlier >= 0)
            {
                twins.Add((key.Line, $"mapping key \"{key.Text}\" already defined at line {entries[earlier].Value.Line}"));
                continue;
            }

            entries.Add(KeyValuePair.Create(key.Text, value));
        }

        foreach (var entry in merged.SelectMany(each => each.Entries))
        {
            if (!entries.Exists(each => each.Key == entry.Key))
            {
                entries.Add(entry);
            }
        }

        return new YamlMap(entries, twins, line);
    }

    static YamlNode Remember(Dictionary<string, YamlNode> anchors, NodeEvent from, YamlNode node)
    {
        if (!from.Anchor.IsEmpty)
        {
            anchors[from.Anchor.Value] = node;
        }

        return node;
    }
}

/// <param name="Text">Without quotes and escapes.</param>
/// <param name="IsPlain">Not quoted and not tagged, so that its look decides its type.</param>
/// <param name="Line">From 1.</param>
sealed record YamlScalar(string Text, bool IsPlain, int Line) : YamlNode(Line)
{
    public bool IsNull => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";
}

sealed record YamlList(IReadOnlyList<YamlNode> Items, int Line) : YamlNode(Line);

/// <param name="Entries">In order, each key once.</param>
/// <param name="Twins">The keys that came again.</param>
/// <param name="Line">From 1.</param>
sealed record YamlMap(
    IReadOnlyList<KeyValuePair<string, YamlNode>> Entries, IReadOnlyList<(int Line, string Problem)> Twins, int Line) : YamlNode(Line);
