using Forum.Markdown.BbCode;
using Forum.Markdown.Rendering;
using Markdig;
using Markdig.Extensions.AutoLinks;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Extensions.Footnotes;
using Markdig.Extensions.Tables;
using Markdig.Parsers;
using Markdig.Parsers.Inlines;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Renderers.Html.Inlines;

namespace Forum.Markdown;

/// <summary>The Markdown parser with the forum's dialect. One pipeline for each combination of settings, made once.</summary>
static class Pipelines
{
    static readonly MarkdownPipeline[] Made = [.. Enumerable.Range(0, 4).Select(bits => Build((bits & 1) != 0, (bits & 2) != 0))];

    public static MarkdownPipeline For(CookOptions options) =>
        Made[(options.Linkify ? 1 : 0) | (options.TraditionalLinebreaks ? 2 : 0)];

    static MarkdownPipeline Build(bool linkify, bool traditionalLinebreaks)
    {
        var builder = new MarkdownPipelineBuilder()
            .UseEmphasisExtras(EmphasisExtraOptions.Strikethrough)
            .UsePipeTables(new PipeTableOptions { RequireHeaderSeparator = true, UseHeaderForColumnCount = true })
            .UseFootnotes();
        if (linkify)
            builder.UseAutoLinks(new AutoLinkOptions { ValidPreviousCharacters = "*_~(\"'“‘>,;:-–—[]|/=" });
        if (!traditionalLinebreaks)
            builder.UseSoftlineBreakAsHardlineBreak();
        builder.BlockParsers.InsertBefore<FencedCodeBlockParser>(new BbBlockParser());
        builder.InlineParsers.InsertBefore<LinkInlineParser>(new BbInlineParser());
        return builder.Build();
    }

    /// <summary>Replaces the parser's own element writers by those with the forum's class names.</summary>
    public static void SetUp(HtmlRenderer renderer, CookOptions options)
    {
        var writers = renderer.ObjectRenderers;
        writers.ReplaceOrAdd<CodeBlockRenderer>(new CodeBlocks());
        writers.ReplaceOrAdd<ListRenderer>(new Rendering.Lists());
        writers.ReplaceOrAdd<HeadingRenderer>(new Headings());
        writers.ReplaceOrAdd<LinkInlineRenderer>(new Links());
        writers.ReplaceOrAdd<HtmlFootnoteGroupRenderer>(new FootnoteLists(options.PostId));
        writers.ReplaceOrAdd<HtmlFootnoteLinkRenderer>(new FootnoteMarks(options.PostId));
        writers.ReplaceOrAdd<HtmlTableRenderer>(new Tables());
        writers.Insert(0, new BbBlocks());
        if (writers.FindExact<EmphasisInlineRenderer>() is { } emphasis)
        {
            var standard = emphasis.GetTag;
            emphasis.GetTag = inline => inline.DelimiterChar == '~' ? (inline.DelimiterCount == 2 ? "s" : null) : standard(inline);
        }
    }
}
