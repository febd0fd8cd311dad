using Ops.Relations.GrafanaDashboard;

namespace Ops.Relations.Tests.GrafanaDashboard;

/// <summary>Expected digests are those of Python's hashlib.</summary>
public sealed class ShakeTests
{
    [Theory]
    [InlineData("", "46b9dd2b0ba88d13", "7f9c2ba4e88f827d")]
    [InlineData("discourse-k8s-file:discourse", "ccaed73a5712d5f6", "22aaf42239389f6c")]
    public void Digest_is_the_standards(string text, string shake256, string shake128) =>
        Assert.Equal((shake256, shake128), (Shake.Hex256(text, 8), Shake.Hex128(text, 8)));

    [Theory]
    [InlineData(135, "1afe5445228966d3", "2e3c5df235c6199a")]
    [InlineData(136, "7614c58639bf53a9", "03ebd587a2b90aa4")]
    [InlineData(400, "29d29b1f9861ed6a", "cf22fd00e6c078d6")]
    public void Blocks_of_every_length_are_padded(int length, string shake256, string shake128) =>
        Digest_is_the_standards(new string('x', length), shake256, shake128);
}
