namespace Juju.Local;

/// <summary>The Juju whose behaviour this is; charms parse it to choose features.</summary>
static class JujuVersion
{
    public const string Current = "3.6.11";
}
