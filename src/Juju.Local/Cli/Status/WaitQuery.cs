using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Juju.Local.Cli.Status;

/// <summary>
/// The expressions of <c>wait-for --query</c>, parsed to a function of an entity.
/// Source: https://documentation.ubuntu.com/juju/3.6/reference/juju-cli/list-of-juju-cli-commands/wait-for/.
/// </summary>
sealed class WaitQuery
{
    static readonly string[] Comparisons = ["==", "!=", "<=", ">=", "<", ">"];

    readonly string text;
    readonly List<string> tokens = [];
    readonly Func<JsonObject, JsonNode?> evaluate;
    int position;

    WaitQuery(string text)
    {
        this.text = text;
        Split();
        evaluate = ParseOr();
        if (position < tokens.Count)
        {
            throw Wrong($"unexpected \"{tokens[position]}\"");
        }
    }

    /// <exception cref="UsageException">It is no expression.</exception>
    public static WaitQuery Parse(string text) => new(text);

    public bool IsTrue(JsonObject entity) => IsTrue(evaluate(entity));

    void Split()
    {
        for (var i = 0; i < text.Length;)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }

            var end = i + 1;
            if (text[i] is '"' or '\'')
            {
                end = text.IndexOf(text[i], i + 1) + 1;
                if (end == 0)
                {
                    throw Wrong("a string has no end");
                }
            }
            else if (char.IsLetterOrDigit(text[i]) || text[i] == '_')
            {
                while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '-' or '.'))
                {
                    end++;
                }
            }
            else if (i + 1 < text.Length && text.AsSpan(i, 2) is "==" or "!=" or "<=" or ">=" or "&&" or "||" or "=>")
            {
                end = i + 2;
            }

            tokens.Add(text[i..end]);
            i = end;
        }
    }

    Func<JsonObject, JsonNode?> ParseOr()
    {
        var left = ParseAnd();
        while (Take("||"))
        {
            var (first, second) = (left, ParseAnd());
            left = entity => IsTrue(first(entity)) || IsTrue(second(entity));
        }

        return left;
    }

    Func<JsonObject, JsonNode?> ParseAnd()
    {
        var left = ParseComparison();
        while (Take("&&"))
        {
            var (first, second) = (left, ParseComparison());
            left = entity => IsTrue(first(entity)) && IsTrue(second(entity));
        }

        return left;
    }

    Func<JsonObject, JsonNode?> ParseComparison()
    {
        var left = ParseValue();
        foreach (var sign in Comparisons)
        {
            if (Take(sign))
            {
                var right = ParseValue();
                return entity => Compare(left(entity), sign, right(entity));
            }
        }

        return left;
    }

    Func<JsonObject, JsonNode?> ParseValue()
    {
        if (Take("!"))
        {
            var inner = ParseValue();
            return entity => !IsTrue(inner(entity));
        }

        if (Take("("))
        {
            var inner = ParseOr();
            Expect(")");
            return inner;
        }

        var token = Next();
        if (token[0] is '"' or '\'')
        {
            return _ => token[1..^1];
        }

        if (long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return _ => number;
        }

        if (token is "true" or "false")
        {
            return _ => token == "true";
        }

        if (!char.IsLetter(token[0]))
        {
            throw Wrong($"unexpected \"{token}\"");
        }

        return Take("(") ? ParseCall(token) : entity => Lookup(entity, token);
    }

    Func<JsonObject, JsonNode?> ParseCall(string function)
    {
        var first = ParseOr();
        Func<JsonObject, JsonNode?> call;
        switch (function)
        {
            case "len":
                call = entity => first(entity) switch
                {
                    JsonObject map => map.Count,
                    JsonArray list => list.Count,
                    var value => value?.ToString().Length ?? 0,
                };
                break;
            case "startsWith" or "endsWith":
                Expect(",");
                var second = ParseOr();
                call = entity =>
                {
                    var (whole, part) = (first(entity)?.ToString() ?? "", second(entity)?.ToString() ?? "");
                    return function == "startsWith" ? whole.StartsWith(part, StringComparison.Ordinal) : whole.EndsWith(part, StringComparison.Ordinal);
                };
                break;
            case "forEach":
                Expect(",");
                var name = Next();
                Expect("=>");
                var test = ParseOr();
                call = entity => first(entity) is JsonObject { } items && items.All(item => IsTrue(test(With(entity, name, item.Value))));
                break;
            default:
                throw Wrong($"unknown function \"{function}\"");
        }

        Expect(")");
        return call;
    }

    static JsonObject With(JsonObject entity, string name, JsonNode? value)
    {
        var scope = entity.DeepClone().AsObject();
        scope[name] = value?.DeepClone();
        return scope;
    }

    JsonNode? Lookup(JsonObject entity, string path)
    {
        JsonNode? node = entity;
        foreach (var part in path.Split('.'))
        {
            node = (node as JsonObject)?[part];
        }

        // An entity that is not there has no fields, and must not look like a mistyped name.
        return node is null && entity["life"]?.ToString() != "dead" && !path.Contains('.') ? throw Wrong($"unknown field \"{path}\"") : node;
    }

    static bool Compare(JsonNode? left, string sign, JsonNode? right)
    {
        var order = left is JsonValue a && right is JsonValue b && a.GetValueKind() == JsonValueKind.Number && b.GetValueKind() == JsonValueKind.Number
            ? Number(a).CompareTo(Number(b))
            : string.CompareOrdinal(left?.ToString(), right?.ToString());
        return sign switch
        {
            "==" => order == 0,
            "!=" => order != 0,
            "<" => order < 0,
            ">" => order > 0,
            "<=" => order <= 0,
            _ => order >= 0,
        };
    }

    static long Number(JsonValue value) => value.TryGetValue<int>(out var small) ? small : value.GetValue<long>();

    static bool IsTrue(JsonNode? value) => value switch
    {
        null => false,
        JsonValue scalar => scalar.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.String => scalar.ToString().Length > 0,
            JsonValueKind.Number => Number(scalar) != 0,
            _ => false,
        },
        _ => true,
    };

    bool Take(string token)
    {
        if (position < tokens.Count && tokens[position] == token)
        {
            position++;
            return true;
        }

        return false;
    }

    string Next() => position < tokens.Count ? tokens[position++] : throw Wrong("it ends too early");

    void Expect(string token)
    {
        if (!Take(token))
        {
            throw Wrong($"expected \"{token}\"");
        }
    }

    UsageException Wrong(string reason) => new($"cannot parse query \"{text}\": {reason}");
}
