using System.Runtime.CompilerServices;
using System.Runtime.Versioning;

// Sandboxes are Linux's namespaces; nothing here is meant for elsewhere.
[assembly: SupportedOSPlatform("linux")]
[assembly: InternalsVisibleTo("Juju.Local.Tests")]
