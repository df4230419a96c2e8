using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGateway.Api;

/// <summary>
/// Where the command line and the service meet. The address of a local socket holds 107 bytes (unix(7)); for a longer path both
/// sides fall back to the same short one, made from a hash of the long one.
/// </summary>
public static class ControlSocketPath
{
    /// <summary>Of the installed service.</summary>
    public const string OfService = "/run/edgegateway/control.sock";

    /// <summary>Folders of the fallback begin with this.</summary>
    public const string FallbackPrefix = "/tmp/edgegateway-";

    private const int MaxPathBytes = 107;

    /// <summary>The socket of the gateway whose state lies in a folder.</summary>
    /// <param name="dataFolder">Absolute, or from the working directory.</param>
    /// <param name="tooLong">The path that did not fit; null: it does.</param>
    public static string For(string dataFolder, out string? tooLong)
    {
        var path = Path.Combine(Path.GetFullPath(dataFolder), "control.sock");
        if (Encoding.UTF8.GetByteCount(path) <= MaxPathBytes)
        {
            tooLong = null;
            return path;
        }
        tooLong = path;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)).AsSpan(0, 8));
        return string.Create(CultureInfo.InvariantCulture, $"{FallbackPrefix}{hash}/control.sock");
    }
}
