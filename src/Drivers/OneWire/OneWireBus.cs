namespace EdgeGateway.Drivers;

/// <summary>The kernel's 1-Wire devices as files under /sys/bus/w1/devices.</summary>
/// <remarks>Reads on one master go one after the other: the wire carries one conversation, and the kernel blocks the file meanwhile.</remarks>
public sealed class OneWireBus(IKernelFiles files, TimeProvider time) : IDisposable
{
    public const string Folder = "/sys/bus/w1/devices";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15); // ten sensors with a conversion of 0.75 s each, and some

    private readonly BusQueue _queue = new("w1", time);

    /// <summary>ROM names of the slaves the kernel sees, such as <c>28-0316a2795f1b</c>; empty where the overlay is off.</summary>
    public IReadOnlyList<string> Slaves =>
        [.. files.List(Folder).Where(name => name.Length > 3 && name[2] == '-' && char.IsAsciiHexDigit(name[0]) && char.IsAsciiHexDigit(name[1]))];

    /// <summary>True where the w1-gpio overlay made a master.</summary>
    public bool HasMaster => files.List(Folder).Any(name => name.StartsWith("w1_bus_master", StringComparison.Ordinal));

    public bool Exists(string slave, string attribute) => files.Exists($"{Folder}/{slave}/{attribute}");

    /// <exception cref="DriverException">Vanished, no permission, or the wire is busy for too long.</exception>
    internal async ValueTask<string> ReadAsync(BusQueue.Holder holder, string slave, string attribute, CancellationToken cancellationToken)
    {
        await _queue.EnterAsync(holder, Deadline, cancellationToken).ConfigureAwait(false);
        try
        {
            return await files.ReadAsync($"{Folder}/{slave}/{attribute}", cancellationToken).ConfigureAwait(false);
        }
        catch (Exception ex) when (Explain(holder.Name, ex) is { } explained)
        {
            throw explained;
        }
        finally
        {
            _queue.Exit();
        }
    }

    /// <exception cref="DriverException">As <see cref="ReadAsync"/>.</exception>
    internal async ValueTask WriteAsync(BusQueue.Holder holder, string slave, string attribute, string text, CancellationToken cancellationToken)
    {
        await _queue.EnterAsync(holder, Deadline, cancellationToken).ConfigureAwait(false);
        try
        {
            await files.WriteAsync($"{Folder}/{slave}/{attribute}", text, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception ex) when (Explain(holder.Name, ex) is { } explained)
        {
            throw explained;
        }
        finally
        {
            _queue.Exit();
        }
    }

    public void Dispose() => _queue.Dispose();

    private DriverException? Explain(DeviceName device, Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException when !HasMaster => new(DriverFault.NoBus, device, "there is no 1-Wire master",
            "that dtoverlay=w1-gpio is in config.txt and the Pi was restarted", exception),
        FileNotFoundException or DirectoryNotFoundException => new(DriverFault.Absent, device, "the kernel no longer lists it",
            "its data line, the 4.7 kΩ pull-up, and take its power away for a second: a DS18B20 may come back only so", exception),
        UnauthorizedAccessException => new(DriverFault.NoPermission, device, "no permission to read it",
            "the rights of the files under /sys/bus/w1/devices", exception),
        IOException and not DriverException => new(DriverFault.BusFault, device, $"the kernel could not read it ({exception.Message})",
            "the data line, the 4.7 kΩ pull-up and the cable", exception),
        _ => null,
    };
}
