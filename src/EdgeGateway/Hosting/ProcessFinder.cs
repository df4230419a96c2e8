using System.Globalization;
using System.Net;

namespace EdgeGateway.Hosting;

/// <summary>Names the process behind a busy port or a held file, from /proc; another user's processes can be seen by root only.</summary>
internal static class ProcessFinder
{
    private const string Listening = "0A"; // TCP_LISTEN, proc(5)

    /// <summary>Such as <c>mosquitto (process 812)</c>; null if nobody listens there or it cannot be seen.</summary>
    public static string? OwnerOfPort(int port)
    {
        var links = new HashSet<string>(StringComparer.Ordinal);
        foreach (var table in (string[])["/proc/net/tcp", "/proc/net/tcp6"])
            if (File.Exists(table))
                foreach (var line in File.ReadLines(table).Skip(1))
                    if (InodeOfListener(line, port) is { } inode)
                        links.Add($"socket:[{inode}]");
        return links.Count == 0 ? null : OwnerOfLink(links);
    }

    /// <summary>Another process that has the file open; null if there is none or it cannot be seen.</summary>
    public static string? OwnerOfFile(string path) => OwnerOfLink([Path.GetFullPath(path)]);

    /// <summary>Whether anything listens on the port of this address or of all addresses.</summary>
    public static bool IsListening(IPAddress address, int port)
    {
        foreach (var endpoint in System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners())
            if (endpoint.Port == port && (endpoint.Address.Equals(address) || IsAny(endpoint.Address) || IsAny(address)))
                return true;
        return false;
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    // "  0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000 0 31337 …" (proc(5), /proc/net/tcp)
    private static string? InodeOfListener(string line, int port)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 10 || fields[3] != Listening)
            return null;
        var colon = fields[1].LastIndexOf(':');
        return int.TryParse(fields[1].AsSpan(colon + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var found) && found == port ? fields[9] : null;
    }

    private static string? OwnerOfLink(HashSet<string> targets)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid != Environment.ProcessId && HasOpen(folder, targets))
                return $"{NameOf(folder)} (process {pid})";
        return null;
    }

    private static bool HasOpen(string folder, HashSet<string> targets)
    {
        try
        {
            foreach (var descriptor in Directory.EnumerateFileSystemEntries(Path.Combine(folder, "fd")))
                if (new FileInfo(descriptor).LinkTarget is { } target && targets.Contains(target))
                    return true;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // The process ended meanwhile or is another user's: it stays unnamed.
        }
        return false;
    }

    private static string NameOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "comm")).Trim();
        }
        catch (IOException)
        {
            return "a process";
        }
    }
}
