using System.Collections.Frozen;
using System.Xml;
using System.Xml.Linq;

namespace Forum.Uploads;

/// <summary>Leaves of an SVG only what draws. Served pictures run no scripts anyway; this keeps a copy from doing so elsewhere.</summary>
static class SvgCleaner
{
    static readonly FrozenSet<string> Elements = new[]
    {
        "svg", "g", "defs", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "title", "desc", "linearGradient", "radialGradient", "stop", "clipPath",
        "mask", "pattern", "symbol", "use", "marker",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <returns>The clean picture; null when the text is no SVG.</returns>
    public static string? Clean(string text)
    {
        XDocument document;
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 4_000_000 });
            document = XDocument.Load(reader);
        }
        catch (XmlException)
        {
            return null;
        }

        if (document.Root is not { Name.LocalName: "svg" } root)
            return null;
        foreach (var element in root.Descendants().Where(element => !Elements.Contains(element.Name.LocalName)).ToArray())
        {
            if (element.Parent is not null)
                element.Remove();
        }

        document.Nodes().Where(node => node is not XElement).Remove();
        root.DescendantNodes().Where(node => node is XProcessingInstruction or XComment).Remove();
        foreach (var attribute in root.DescendantsAndSelf().Attributes().Where(IsDangerous).ToArray())
            attribute.Remove();
        return root.ToString(SaveOptions.DisableFormatting);
    }

    static bool IsDangerous(XAttribute attribute)
    {
        var name = attribute.Name.LocalName.ToLowerInvariant();
        if (attribute.IsNamespaceDeclaration)
            return false;
        if (name.StartsWith("on", StringComparison.Ordinal) || name is "style" or "base")
            return true;
        return name is "href" or "src" ? !attribute.Value.StartsWith('#') : attribute.Value.Contains("url(", StringComparison.OrdinalIgnoreCase) && !attribute.Value.Contains("url(#", StringComparison.OrdinalIgnoreCase);
    }
}
