namespace Ops.Generators.Yaml;

partial class YamlReader
{
    YamlSequence ReadFlowSequence()
    {
        var start = at++;
        List<YamlNode> items = [];
        while (true)
        {
            SkipToContent();
            if (Closes(']', start))
            {
                return new YamlSequence(items, start, at - start);
            }

            items.Add(ReadFlowValue());
            SkipComma(']', start);
        }
    }

    YamlMapping ReadFlowMapping()
    {
        var start = at++;
        List<YamlEntry> entries = [];
        while (true)
        {
            SkipToContent();
            if (Closes('}', start))
            {
                return new YamlMapping(entries, start, at - start);
            }

            var key = ReadFlowValue() as YamlScalar ?? throw new YamlException("a map or list as a key", start);
            SkipToContent();
            YamlNode value = new YamlScalar("", plain: true, key.Start, key.Length);
            if (!AtEnd && Current == ':')
            {
                at++;
                SkipToContent();
                if (!AtEnd && Current is not (',' or '}'))
                {
                    value = ReadFlowValue();
                }
            }

            entries.Add(new YamlEntry(key, value));
            SkipComma('}', start);
        }
    }

    YamlNode ReadFlowValue()
    {
        switch (Current)
        {
            case '[':
                return ReadFlowSequence();
            case '{':
                return ReadFlowMapping();
            case '"':
                return ReadDoubleQuoted();
            case '\'':
                return ReadSingleQuoted();
            case '&' or '*':
                throw Error("an anchor or alias: write the value out");
            default:
                var start = at;
                while (!AtEnd && Current is not (',' or ']' or '}' or '[' or '{' or '\n' or '\r') && !IsColonHere(at, flow: true))
                {
                    at++;
                }

                var value = text.Substring(start, at - start).TrimEnd();
                return new YamlScalar(value, plain: true, start, value.Length);
        }
    }

    bool Closes(char close, int start)
    {
        if (AtEnd)
        {
            throw new YamlException($"a bracket that is not closed by \"{close}\"", start);
        }

        if (Current != close)
        {
            return false;
        }

        at++;
        return true;
    }

    void SkipComma(char close, int start)
    {
        SkipToContent();
        if (AtEnd)
        {
            throw new YamlException($"a bracket that is not closed by \"{close}\"", start);
        }

        if (Current == ',')
        {
            at++;
        }
        else if (Current != close)
        {
            throw Error($"\"{Current}\" where \",\" or \"{close}\" is due");
        }
    }
}
