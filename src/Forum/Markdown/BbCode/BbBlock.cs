using Markdig.Parsers;
using Markdig.Syntax;

namespace Forum.Markdown.BbCode;

/// <summary>A container between <c>[name …]</c> and <c>[/name]</c>, each on its own line.</summary>
sealed class BbBlock(BlockParser parser, BbTag tag) : ContainerBlock(parser)
{
    public BbTag Tag { get; } = tag;

    /// <summary>The closing tag was seen. The parser's own IsOpen is cleared on every line before blocks are asked to go on.</summary>
    public bool Ended { get; set; }
}

/// <summary>Opens and closes <see cref="BbBlock"/>. An opening tag that is never closed stays text.</summary>
sealed class BbBlockParser : BlockParser
{
    static readonly HashSet<string> Names = ["quote", "details", "spoiler", "poll", "wrap", "grid"];

    public BbBlockParser() => OpeningCharacters = ['['];

    public override BlockState TryOpen(BlockProcessor processor)
    {
        if (processor.IsCodeIndent)
            return BlockState.None;
        var line = processor.Line;
        var span = line.AsSpan();
        var tag = BbTag.TryRead(span, 0, out var end);
        if (tag is null || !Names.Contains(tag.Name) || !span[end..].IsWhiteSpace())
            return BlockState.None;
        var after = Math.Min(line.End + 1, line.Text.Length);
        if (!line.Text.AsSpan(after).Contains($"[/{tag.Name}]", StringComparison.OrdinalIgnoreCase))
            return BlockState.None;

        processor.NewBlocks.Push(new BbBlock(this, tag) { Column = processor.Column, Span = new SourceSpan(line.Start, line.End) });
        return BlockState.ContinueDiscard;
    }

    public override BlockState TryContinue(BlockProcessor processor, Block block)
    {
        var bb = (BbBlock)block;
        var line = processor.Line.AsSpan().Trim();
        if (line.Length != bb.Tag.Name.Length + 3 || !line.StartsWith("[/", StringComparison.Ordinal) ||
            !line[2..^1].Equals(bb.Tag.Name, StringComparison.OrdinalIgnoreCase) || line[^1] != ']')
            return BlockState.Continue;
        if (HasOpenInside(bb))
            return BlockState.Continue;
        bb.Ended = true;
        bb.UpdateSpanEnd(processor.Line.End);
        return BlockState.BreakDiscard;
    }

    /// <summary>The closing tag belongs to an inner block of the same name, or is text of an inner code fence.</summary>
    static bool HasOpenInside(BbBlock block)
    {
        for (Block? inner = block.LastChild; inner is not null; inner = (inner as ContainerBlock)?.LastChild)
        {
            if (inner is FencedCodeBlock { ClosingFencedCharCount: 0 } || (inner is BbBlock { Ended: false } bb && bb.Tag.Name == block.Tag.Name))
                return true;
            if (inner is BbBlock { Ended: true })
                return false;
        }

        return false;
    }
}
