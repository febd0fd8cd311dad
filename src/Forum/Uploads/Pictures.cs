using SkiaSharp;

namespace Forum.Uploads;

/// <summary>Makes pictures of pictures: other sizes, turned upright.</summary>
static class Pictures
{
    const int JpegQuality = 90;

    /// <summary>The middle of a picture as a square, in PNG; null when the file cannot be read.</summary>
    public static byte[]? Square(byte[] content, int side)
    {
        using var picture = SKBitmap.Decode(content);
        if (picture is null)
        {
            return null;
        }

        var edge = Math.Min(picture.Width, picture.Height);
        var part = SKRectI.Create((picture.Width - edge) / 2, (picture.Height - edge) / 2, edge, edge);
        using var target = new SKBitmap(new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Premul));
        using var canvas = new SKCanvas(target);
        using var image = SKImage.FromBitmap(picture);
        canvas.Clear(SKColors.Transparent);
        canvas.DrawImage(image, part, SKRect.Create(side, side), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var data = target.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>The whole picture in another size and its own format; null when it is no still JPEG, PNG or WebP that can be read.</summary>
    public static byte[]? Scaled(byte[] content, int width, int height)
    {
        using var codec = SKCodec.Create(new SKMemoryStream(content));
        if (codec is null || codec.FrameCount > 1 || codec.EncodedFormat is not (SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Png or SKEncodedImageFormat.Webp))
        {
            return null;
        }

        using var picture = SKBitmap.Decode(codec);
        using var smaller = picture?.Resize(new SKSizeI(width, height), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var data = smaller?.Encode(codec.EncodedFormat, JpegQuality);
        return data?.ToArray();
    }

    /// <summary>A JPEG whose camera was held otherwise, as it was meant to be seen; null when the file cannot be read.</summary>
    /// <param name="orientation">2 to 8, as EXIF counts.</param>
    public static byte[]? Upright(byte[] jpeg, int orientation)
    {
        using var codec = SKCodec.Create(new SKMemoryStream(jpeg));
        using var picture = codec is null ? null : SKBitmap.Decode(codec);
        if (picture is null)
        {
            return null;
        }

        var isTurned = orientation >= 5;
        var (width, height) = isTurned ? (picture.Height, picture.Width) : (picture.Width, picture.Height);
        using var target = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(target);
        // Where the picture's own axes go; each line is one way of holding a camera.
        canvas.SetMatrix(orientation switch
        {
            2 => new SKMatrix(-1, 0, width, 0, 1, 0, 0, 0, 1),
            3 => new SKMatrix(-1, 0, width, 0, -1, height, 0, 0, 1),
            4 => new SKMatrix(1, 0, 0, 0, -1, height, 0, 0, 1),
            5 => new SKMatrix(0, 1, 0, 1, 0, 0, 0, 0, 1),
            6 => new SKMatrix(0, -1, width, 1, 0, 0, 0, 0, 1),
            7 => new SKMatrix(0, -1, width, -1, 0, height, 0, 0, 1),
            _ => new SKMatrix(0, 1, 0, -1, 0, height, 0, 0, 1),
        });
        canvas.DrawBitmap(picture, 0, 0);
        canvas.Flush();
        using var data = target.Encode(SKEncodedImageFormat.Jpeg, JpegQuality);
        return data.ToArray();
    }
}
