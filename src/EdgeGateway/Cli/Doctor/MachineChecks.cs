using System.Globalization;

namespace EdgeGateway.Cli.Doctor;

/// <summary>The clock, the disk and the ports.</summary>
internal sealed class MachineChecks(TimeProvider time)
{
    // Made later than this file was written; a Pi without a clock wakes in 1970 or at its last shutdown.
    private static readonly DateTimeOffset Earliest = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private const long LowBytes = 200L << 20;

    public Finding Clock(bool synchronized)
    {
        var now = time.GetUtcNow();
        var text = now.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        if (now < Earliest)
            return new("clock", Verdict.Bad, $"{text} cannot be right", "set up time synchronisation (sudo timedatectl set-ntp true) or fit a real-time clock: certificates count on it");
        return synchronized
            ? new("clock", Verdict.Good, $"{text}, synchronised")
            : new("clock", Verdict.Note, $"{text}, not known to be synchronised", "sudo timedatectl set-ntp true");
    }

    public static Finding Disk(string folder)
    {
        var existing = folder;
        while (!Directory.Exists(existing))
            existing = Path.GetDirectoryName(existing) ?? "/";
        var free = new DriveInfo(existing).AvailableFreeSpace;
        var detail = string.Create(CultureInfo.InvariantCulture, $"{free >> 20} MB free for {folder}");
        return free < LowBytes
            ? new("disk", Verdict.Bad, detail, "make room: sudo journalctl --vacuum-size=100M, sudo apt-get clean")
            : new("disk", Verdict.Good, detail);
    }

    /// <param name="name">Listener, such as <c>mqtt</c>.</param>
    /// <param name="port">TCP port it wants.</param>
    /// <param name="inUse">Somebody listens on it.</param>
    /// <param name="running">A gateway runs, so it is ours that listens.</param>
    public static Finding Port(string name, int port, bool inUse, bool running) => (inUse, running) switch
    {
        (true, true) => new($"port {port}", Verdict.Good, $"{name}: open"),
        (true, false) => new($"port {port}", Verdict.Bad, $"{name}: another program listens there", $"find it with 'sudo ss -ltnp sport = :{port}', or set listeners.{name}.port"),
        (false, true) => new($"port {port}", Verdict.Note, $"{name}: the gateway does not listen there", $"see listeners.{name} in the configuration"),
        _ => new($"port {port}", Verdict.Good, $"{name}: free"),
    };
}
