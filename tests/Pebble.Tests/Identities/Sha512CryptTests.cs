using Pebble.Identities;

namespace Pebble.Tests.Identities;

public sealed class Sha512CryptTests
{
    // Test vectors of the specification.
    [Theory]
    [InlineData("Hello world!", "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1")]
    [InlineData("Hello world!", "$6$rounds=10000$saltstringsaltstring$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.")]
    [InlineData("This is just a test", "$6$rounds=5000$toolongsaltstring$lQ8jolhgVRVhY4b5pZKaysCLi0QBxGoNeKQzQ3glMhwllF7oGDZxUhx1yxdYcz/e1JSbq3y6JMxxl8audkUEm0")]
    public void The_right_password_matches_and_another_does_not(string password, string hash)
    {
        Assert.True(Sha512Crypt.Verify(password, hash));
        Assert.False(Sha512Crypt.Verify(password + "x", hash));
    }

    [Theory]
    [InlineData("")]
    [InlineData("$6$")]
    [InlineData("$6$rounds=x$salt$hash")]
    [InlineData("$1$salt$hash")]
    [InlineData("plain")]
    public void What_is_no_such_hash_matches_nothing(string hash) => Assert.False(Sha512Crypt.Verify("", hash));
}
