using System.Buffers.Binary;

namespace Forum.Uploads;

/// <summary>
/// Takes out of a picture what its camera and programs wrote into it: place, time, names. The picture itself is copied, not made
/// anew, so it loses nothing. What does not have the shape of its kind is left alone.
/// </summary>
/// <remarks>Source: JPEG (ITU T.81, annex B), PNG (third edition, section 5), WebP (RFC 9649).</remarks>
static class Metadata
{
    static readonly string[] PngText = ["tEXt", "zTXt", "iTXt", "eXIf", "tIME"];

    public static byte[] Strip(byte[] content, string extension) => extension switch
    {
        "jpg" or "jpeg" => Jpeg(content),
        "png" => Png(content),
        "webp" => WebP(content),
        _ => content,
    };

    /// <summary>How the camera was held: 1 upright, up to 8, of a JPEG's EXIF; 1 when it does not say.</summary>
    public static int Orientation(ReadOnlySpan<byte> jpeg)
    {
        for (var at = 2; at + 4 < jpeg.Length && jpeg[at] == 0xFF && jpeg[at + 1] != 0xDA;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
            if (jpeg[at + 1] == 0xE1 && length > 16 && at + 2 + length <= jpeg.Length && jpeg.Slice(at + 4, 6).SequenceEqual("Exif\0\0"u8))
            {
                return OrientationOfTiff(jpeg.Slice(at + 10, length - 8));
            }

            at += 2 + length;
        }

        return 1;
    }

    static int OrientationOfTiff(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
        {
            return 1;
        }

        var isLittle = tiff[0] == 'I';
        var at = (int)Math.Min(UInt32(tiff[4..], isLittle), int.MaxValue);
        if (at < 8 || at + 2 > tiff.Length)
        {
            return 1;
        }

        int count = UInt16(tiff[at..], isLittle);
        for (var entry = 0; entry < count && at + 2 + entry * 12 + 12 <= tiff.Length; entry++)
        {
            var place = tiff[(at + 2 + entry * 12)..];
            if (UInt16(place, isLittle) == 0x0112)
            {
                return UInt16(place[8..], isLittle) is var value and >= 1 and <= 8 ? value : 1;
            }
        }

        return 1;
    }

    /// <summary>Keeps the frame (APP0), colours (APP2) and Adobe's transform (APP14) of the segments before the picture.</summary>
    static byte[] Jpeg(byte[] content)
    {
        var kept = new MemoryStream(content.Length);
        if (content.Length < 4 || content[0] != 0xFF || content[1] != 0xD8)
        {
            return content;
        }

        kept.Write(content, 0, 2);
        var at = 2;
        while (at + 4 <= content.Length && content[at] == 0xFF)
        {
            var marker = content[at + 1];
            if (marker == 0xDA)
            {
                kept.Write(content, at, content.Length - at);
                return kept.ToArray();
            }

            var length = 2 + BinaryPrimitives.ReadUInt16BigEndian(content.AsSpan(at + 2));
            if (at + length > content.Length)
            {
                return content;
            }

            if (marker is not (0xE1 or (>= 0xE3 and <= 0xED) or 0xEF or 0xFE))
            {
                kept.Write(content, at, length);
            }

            at += length;
        }

        return content;
    }

    static byte[] Png(byte[] content)
    {
        var kept = new MemoryStream(content.Length);
        if (content.Length < 8)
        {
            return content;
        }

        kept.Write(content, 0, 8);
        for (var at = 8; at + 12 <= content.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(at)) + 12L;
            if (at + length > content.Length)
            {
                return content;
            }

            var kind = System.Text.Encoding.ASCII.GetString(content, at + 4, 4);
            if (!PngText.Contains(kind))
            {
                kept.Write(content, at, (int)length);
            }

            at += (int)length;
            if (kind == "IEND")
            {
                // What stands behind the picture is none of it.
                return kept.ToArray();
            }
        }

        return content;
    }

    static byte[] WebP(byte[] content)
    {
        var kept = new MemoryStream(content.Length);
        if (content.Length < 12)
        {
            return content;
        }

        kept.Write(content, 0, 12);
        for (var at = 12; at + 8 <= content.Length;)
        {
            var length = 8L + BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(at + 4));
            length += length % 2;
            if (at + length > content.Length)
            {
                return content;
            }

            var kind = content.AsSpan(at, 4);
            if (!kind.SequenceEqual("EXIF"u8) && !kind.SequenceEqual("XMP "u8))
            {
                var start = (int)kept.Position;
                kept.Write(content, at, (int)length);
                if (kind.SequenceEqual("VP8X"u8))
                {
                    // Its flags say which of the two there are.
                    kept.GetBuffer()[start + 8] &= 0b1111_0011;
                }
            }

            at += (int)length;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(kept.GetBuffer().AsSpan(4), (uint)kept.Length - 8);
        return kept.ToArray();
    }

    static ushort UInt16(ReadOnlySpan<byte> bytes, bool isLittle) => isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    static uint UInt32(ReadOnlySpan<byte> bytes, bool isLittle) => isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
