// Alone, by name: other types of the client are called as the daemon's own are.
global using GoDuration = Pebble.Client.GoDuration;

using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]
