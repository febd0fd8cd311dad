using System.Buffers.Binary;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Forum.Uploads;
using SkiaSharp;

namespace Forum.Tests.Uploads;

public sealed class PictureTests(ForumApp app) : IClassFixture<ForumApp>
{
    [Fact]
    public async Task A_photograph_is_turned_upright_and_tells_nothing_about_where_it_was_taken()
    {
        using var client = await MemberAsync("photographer");
        var photograph = WithExif(Drawn(60, 40, SKEncodedImageFormat.Jpeg), orientation: 6);
        Assert.Equal(6, Metadata.Orientation(photograph));

        var upload = (await SendAsync(client, photograph, "photo.jpg")).Expect(200).Json;

        Assert.Equal((40, 60), ((int)upload["width"]!, (int)upload["height"]!));
        var stored = await StoredAsync(upload);
        Assert.DoesNotContain("Exif", Encoding.Latin1.GetString(stored));
        Assert.DoesNotContain("secret place", Encoding.Latin1.GetString(stored));
        // What was on the left of the turned camera is at the top.
        using var picture = SKBitmap.Decode(stored);
        Assert.True(picture.GetPixel(20, 5).Red > 200 && picture.GetPixel(20, 55).Blue > 200, $"{picture.GetPixel(20, 5)} {picture.GetPixel(20, 55)}");
    }

    [Fact]
    public async Task Texts_in_pictures_are_taken_out_without_making_the_picture_anew()
    {
        using var client = await MemberAsync("painter");
        var plain = Drawn(30, 30, SKEncodedImageFormat.Png);
        var upload = (await SendAsync(client, WithText(plain), "drawing.png")).Expect(200).Json;
        Assert.Equal(plain, await StoredAsync(upload));

        var photograph = Drawn(30, 20, SKEncodedImageFormat.Jpeg);
        Assert.Equal(photograph, Metadata.Strip(WithExif(photograph, orientation: 1), "jpg"));
        var web = Drawn(30, 20, SKEncodedImageFormat.Webp);
        Assert.Equal(web, Metadata.Strip(web, "webp"));
        Assert.NotNull(SKBitmap.Decode(Metadata.Strip(WithExif(web), "webp")));
        Assert.DoesNotContain("secret place", Encoding.Latin1.GetString(Metadata.Strip(WithExif(web), "webp")));
        // Broken files are left as they are, to be refused by who reads them.
        byte[] broken = [0xFF, 0xD8, 0xFF, 0xE1, 0xFF, 0xFF, 1];
        Assert.Equal(broken, Metadata.Strip(broken, "jpg"));
        Assert.Equal(1, Metadata.Orientation(broken));
    }

    [Fact]
    public async Task An_avatar_comes_in_the_size_that_is_asked_for()
    {
        using var client = await MemberAsync("pictured");
        var upload = (await SendAsync(client, Drawn(300, 200, SKEncodedImageFormat.Png), "me.png", "avatar")).Expect(200).Json;
        (await client.PutAsync("/u/pictured/preferences/avatar/pick.json", ("upload_id", ((int)upload["id"]!).ToString(CultureInfo.InvariantCulture)), ("type", "uploaded"))).Expect(200);
        var template = (string)(await client.GetAsync("/u/pictured.json")).Json["user"]!["avatar_template"]!;
        using var http = new HttpClient { BaseAddress = app.Address };

        foreach (var (asked, made) in new[] { (48, 48), (45, 48), (9999, 480) })
        {
            using var answer = await http.GetAsync(template.Replace("{size}", asked.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal), ForumApp.Cancellation);
            Assert.Equal("image/png", answer.Content.Headers.ContentType?.MediaType);
            using var picture = SKBitmap.Decode(await answer.Content.ReadAsByteArrayAsync(ForumApp.Cancellation));
            Assert.Equal((made, made), (picture.Width, picture.Height));
        }

        Assert.Equal(2, await app.Database.ScalarAsync<int>("SELECT count(*)::int FROM optimized_images WHERE upload_id = $1", [(int)upload["id"]!], ForumApp.Cancellation));
        Assert.Contains("/letter_avatar/", (await app.Anonymous().GetAsync("/user_avatar/forum.test/pictured/48/999999_2.png")).Expect(302).Header("Location"));
    }

    [Fact]
    public async Task A_large_picture_is_shown_small_and_opens_large()
    {
        using var client = await MemberAsync("landscape");
        foreach (var (format, extension) in new[] { (SKEncodedImageFormat.Jpeg, "jpg"), (SKEncodedImageFormat.Png, "png"), (SKEncodedImageFormat.Webp, "webp") })
        {
            var upload = (await SendAsync(client, Drawn(1380, 700, format), $"view.{extension}")).Expect(200).Json;
            var (width, height, url) = await app.Database.FindAsync("SELECT width, height, url FROM optimized_images WHERE upload_id = $1 AND version = 2 AND extension = $2",
                row => (row.GetInt32(0), row.GetInt32(1), row.GetString(2)), [(int)upload["id"]!, "." + extension], ForumApp.Cancellation);
            Assert.Equal((690, 350), (width, height));
            Assert.Matches($"^/uploads/default/optimized/1X/[0-9a-f]{{40}}_2_690x350\\.{extension}$", url);

            var post = await client.TopicAsync($"A view over the land as {extension}", raw: $"Look at this: ![view|1380x700]({upload["short_url"]}) and ![view]({upload["short_url"]})");

            var cooked = (string)post["cooked"]!;
            Assert.Contains($"<a class=\"lightbox\" href=\"{upload["url"]}\"", cooked);
            Assert.Contains($"src=\"{url}\"", cooked);
            using var http = new HttpClient { BaseAddress = app.Address };
            using var thumbnail = SKBitmap.Decode(await http.GetByteArrayAsync(url, ForumApp.Cancellation));
            Assert.Equal((690, 350), (thumbnail.Width, thumbnail.Height));
        }

        var small = (await SendAsync(client, Drawn(100, 80, SKEncodedImageFormat.Png), "small.png")).Expect(200).Json;
        Assert.Equal(0, await app.Database.ScalarAsync<long>("SELECT count(*) FROM optimized_images WHERE upload_id = $1", [(int)small["id"]!], ForumApp.Cancellation));
    }

    [Fact]
    public async Task A_file_is_what_it_holds_and_not_what_it_is_called()
    {
        using var client = await MemberAsync("trickster");
        var bomb = Drawn(10, 10, SKEncodedImageFormat.Png);
        BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(16), 29_000);
        BinaryPrimitives.WriteInt32BigEndian(bomb.AsSpan(20), 29_000);

        (await SendAsync(client, bomb, "bomb.png")).Expect(422);
        (await SendAsync(client, "<script>alert(1)</script>"u8.ToArray(), "page.png")).Expect(422);
        (await SendAsync(client, "<html>"u8.ToArray(), "page.html")).Expect(422);
        Assert.Equal("png", (string?)(await SendAsync(client, Drawn(12, 12, SKEncodedImageFormat.Png), "named.jpg")).Expect(200).Json["extension"]);
    }

    async Task<ForumClient> MemberAsync(string name)
    {
        await app.AddUserAsync(name);
        return await app.ApiAsync(name);
    }

    async Task<byte[]> StoredAsync(JsonObject upload)
    {
        using var http = new HttpClient { BaseAddress = app.Address };
        return await http.GetByteArrayAsync((string)upload["url"]!, ForumApp.Cancellation);
    }

    static async Task<Answer> SendAsync(ForumClient client, byte[] content, string name, string type = "composer")
    {
        using var file = new ByteArrayContent(content);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var form = new MultipartFormDataContent { { new StringContent(type), "upload_type" }, { file, "file", name } };
        return await client.SendAsync(HttpMethod.Post, "/uploads.json", form);
    }

    /// <summary>Red on the left, blue on the right.</summary>
    static byte[] Drawn(int width, int height, SKEncodedImageFormat format)
    {
        using var picture = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(picture);
        canvas.Clear(SKColors.Blue);
        using var paint = new SKPaint { Color = SKColors.Red };
        canvas.DrawRect(0, 0, width / 2f, height, paint);
        canvas.Flush();
        using var data = picture.Encode(format, 95);
        return data.ToArray();
    }

    static byte[] Exif(int orientation) =>
    [
        .. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0, .. "secret place"u8,
    ];

    static byte[] WithExif(byte[] jpeg, int orientation)
    {
        byte[] body = [.. "Exif\0\0"u8, .. Exif(orientation)];
        return [0xFF, 0xD8, 0xFF, 0xE1, (byte)((body.Length + 2) >> 8), (byte)(body.Length + 2), .. body, .. jpeg[2..]];
    }

    static byte[] WithExif(byte[] webp)
    {
        byte[] body = Exif(1);
        byte[] result = [.. webp, .. "EXIF"u8, (byte)body.Length, 0, 0, 0, .. body, .. new byte[body.Length % 2]];
        BinaryPrimitives.WriteUInt32LittleEndian(result.AsSpan(4), (uint)result.Length - 8);
        return result;
    }

    static byte[] WithText(byte[] png)
    {
        byte[] text = [.. "Comment\0secret place"u8];
        byte[] chunk = [0, 0, 0, (byte)text.Length, .. "tEXt"u8, .. text, 0, 0, 0, 0];
        return [.. png[..33], .. chunk, .. png[33..]];
    }
}
