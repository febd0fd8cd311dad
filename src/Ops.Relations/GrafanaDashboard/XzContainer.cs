using System.Buffers.Binary;

namespace Ops.Relations.GrafanaDashboard;

/// <summary>
/// Bytes in the .xz container that the interface asks for, stored and not compressed: .NET has no LZMA, a databag has room,
/// and every reader takes stored chunks. (The .xz file format 1.2.1: header, one block of LZMA2 chunks, index, footer.)
/// </summary>
static class XzContainer
{
    const int LargestChunk = 1 << 16;

    /// <summary>Flags of the stream: the check of each block is CRC32.</summary>
    static readonly byte[] StreamFlags = [0x00, 0x01];

    public static byte[] Of(ReadOnlySpan<byte> content)
    {
        var file = new MemoryStream();
        file.Write([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]);
        file.Write(StreamFlags);
        WriteCrc(file, StreamFlags);

        var blockStart = file.Length;
        WriteBlock(file, content);
        var unpadded = file.Length - blockStart;
        Pad(file);
        WriteCrc(file, content);

        var index = Index(unpadded + sizeof(uint), content.Length);
        file.Write(index);
        WriteCrc(file, index);

        var footer = new byte[6];
        BinaryPrimitives.WriteUInt32LittleEndian(footer, (uint)((index.Length + sizeof(uint)) / 4 - 1));
        StreamFlags.CopyTo(footer, 4);
        WriteCrc(file, footer);
        file.Write(footer);
        file.Write("YZ"u8);
        return file.ToArray();
    }

    static void WriteBlock(MemoryStream file, ReadOnlySpan<byte> content)
    {
        // Size of the header (12 bytes as 2), no optional fields, one filter: LZMA2 with a dictionary of 64 KiB; padding.
        byte[] header = [0x02, 0x00, 0x21, 0x01, 0x08, 0x00, 0x00, 0x00];
        file.Write(header);
        WriteCrc(file, header);

        // Control byte of a stored chunk: 1 resets the dictionary, which the first must; 2 goes on. 0 ends the block.
        byte control = 1;
        var size = new byte[2];
        while (content.Length > 0)
        {
            var chunk = content[..Math.Min(content.Length, LargestChunk)];
            BinaryPrimitives.WriteUInt16BigEndian(size, (ushort)(chunk.Length - 1));
            file.WriteByte(control);
            file.Write(size);
            file.Write(chunk);
            control = 2;
            content = content[chunk.Length..];
        }

        file.WriteByte(0);
    }

    static byte[] Index(long unpaddedSize, long uncompressedSize)
    {
        var index = new MemoryStream();
        index.WriteByte(0);
        WriteNumber(index, 1);
        WriteNumber(index, unpaddedSize);
        WriteNumber(index, uncompressedSize);
        Pad(index);
        return index.ToArray();
    }

    static void WriteNumber(MemoryStream to, long number)
    {
        for (; number >= 0x80; number >>= 7)
        {
            to.WriteByte((byte)(number | 0x80));
        }

        to.WriteByte((byte)number);
    }

    static void Pad(MemoryStream to)
    {
        while (to.Length % 4 != 0)
        {
            to.WriteByte(0);
        }
    }

    static void WriteCrc(MemoryStream to, ReadOnlySpan<byte> of)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32(of));
        to.Write(bytes);
    }

    static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
