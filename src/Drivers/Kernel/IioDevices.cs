using System.Globalization;

namespace EdgeGateway.Drivers;

/// <summary>Devices of the kernel's industrial I/O subsystem, under /sys/bus/iio/devices.</summary>
internal static class IioDevices
{
    public const string Folder = "/sys/bus/iio/devices";

    /// <param name="name">A device's name, or its part before the @.</param>
    /// <param name="mend">What to check where there is none.</param>
    /// <returns>Its folder.</returns>
    /// <exception cref="DriverException">None or several.</exception>
    public static async ValueTask<string> FindAsync(IKernelFiles files, string name, DeviceName device, string mend, CancellationToken cancellationToken)
    {
        var all = new List<(string Folder, string Name)>();
        foreach (var entry in files.List(Folder).Where(entry => entry.StartsWith("iio:device", StringComparison.Ordinal)))
            if (files.Exists($"{Folder}/{entry}/name"))
                all.Add(($"{Folder}/{entry}", (await files.ReadAsync($"{Folder}/{entry}/name", cancellationToken).ConfigureAwait(false)).Trim()));

        var fitting = all.Where(known => known.Name == name || known.Name.StartsWith(name + "@", StringComparison.Ordinal)).ToArray();
        return fitting.Length switch
        {
            1 => fitting[0].Folder,
            0 => throw new DriverException(DriverFault.NoBus, device, $"the kernel has no IIO device '{name}' ({Listed(all)})", mend),
            _ => throw new DriverException(DriverFault.Option, device, $"the kernel has {Listed(fitting)}", "the option 'device': it says which"),
        };
    }

    /// <exception cref="DriverException">The kernel's driver failed; says with what.</exception>
    public static async ValueTask<int> ReadAsync(IKernelFiles files, string path, DeviceName device, CancellationToken cancellationToken)
    {
        string text;
        try
        {
            text = await files.ReadAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception ex) when (ex is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DriverException(DriverFault.Absent, device, $"{path} has gone", "the overlay in config.txt", ex);
        }
        catch (UnauthorizedAccessException ex)
        {
            throw new DriverException(DriverFault.NoPermission, device, $"no permission to read {path}", "the rights of the service's user", ex);
        }
        catch (IOException ex)
        {
            throw new DriverException(DriverFault.BusFault, device, $"the kernel's driver failed ({ex.Message})", "the data line, its pull-up of 4.7 to 10 kΩ and the supply", ex);
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new DriverException(DriverFault.Garbage, device, $"'{text.Trim()}' in {path}", "the kernel's driver");
    }

    private static string Listed(IReadOnlyCollection<(string Folder, string Name)> known) =>
        known.Count == 0 ? "it has none" : string.Join(", ", known.Select(entry => entry.Name));
}
