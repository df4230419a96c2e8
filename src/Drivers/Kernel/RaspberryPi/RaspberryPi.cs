using System.Collections.Immutable;
using System.Globalization;

namespace EdgeGateway.Drivers;

/// <summary>The Pi itself, through files of its kernel. Facts: Raspberry Pi firmware mailbox "get throttled", kernel Documentation/block/stat.rst, proc(5).</summary>
internal sealed class RaspberryPi(DriverContext context) : PolledSensor(context)
{
    public const string TemperatureFile = "/sys/class/thermal/thermal_zone0/temp";
    public const string HardwareMonitors = "/sys/class/hwmon";
    private const int SectorBytes = 512, WrittenSectors = 6; // stat's seventh field

    public static readonly ImmutableArray<string> ThrottlingFiles =
    [
        "/sys/devices/platform/soc/soc:firmware/get_throttled",
        "/sys/devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled", // Pi 5
        "/sys/devices/platform/axi/axi:firmware/get_throttled",
    ];

    private static readonly string[] Throttling = ["underVoltage", "frequencyCapped", "throttled", "softTemperatureLimit"];

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "raspberry-pi",
        Chip = "Raspberry Pi",
        Description = "The Pi itself: temperature, under-voltage, load, memory, card wear, Wi-Fi",
        Kind = DriverKind.Sensor,
        Bus = BusKind.Kernel,
        Readings =
        [
            new("cpuTemperature", Unit.Celsius, -40, 125, "Temperature of the processor"),
            new("underVoltage", Unit.None, 0, 1, "1 while the supply is below 4.63 V: explains most random faults of buses and cards"),
            new("frequencyCapped", Unit.None, 0, 1, "1 while the clock is held down"),
            new("throttled", Unit.None, 0, 1, "1 while the processor is slowed down"),
            new("softTemperatureLimit", Unit.None, 0, 1, "1 while above the soft temperature limit"),
            new("underVoltageSinceBoot", Unit.None, 0, 1, "1 where it was so since the boot"),
            new("frequencyCappedSinceBoot", Unit.None, 0, 1, "1 where it was so since the boot"),
            new("throttledSinceBoot", Unit.None, 0, 1, "1 where it was so since the boot"),
            new("softTemperatureLimitSinceBoot", Unit.None, 0, 1, "1 where it was so since the boot"),
            new("load1", Unit.None, 0, 10_000, "Load average of one minute"),
            new("memoryAvailable", Unit.Byte, 0, 1e12, "Memory that programs can still have"),
            new("memoryTotal", Unit.Byte, 0, 1e12, "Memory there is"),
            new("uptime", Unit.Second, 0, 1e10, "Since the boot"),
            new("diskWritten", Unit.Byte, 0, 1e18, "Written to cards and disks since the boot"),
            new("diskFree", Unit.Byte, 0, 1e18, "What may still be written where the option disk points"),
            new("diskSize", Unit.Byte, 0, 1e18, "Size of that file system"),
            new("cardWear", Unit.Percent, 0, 110, "Life of the eMMC that is used up, in steps of ten, where it tells"),
            new("wifiSignal", Unit.Decibel, -120, 0, "Signal of the Wi-Fi connection"),
            new("clockSynchronized", Unit.None, 0, 1, "1 where a time server has set the clock"),
        ],
        Options = [DriverOption.Text("disk", "/", "folder of the file system whose free space is told")],
        Datasheet = "Raspberry Pi firmware: get_throttled; kernel sysfs and procfs",
        Wiring = "Nothing to wire.",
        Accuracy = "±1 °C for the processor; the others count.",
        Notes = ["What a model or kernel does not offer is left out of the reading.", "underVoltage: use the maker's supply and a short, thick cable."],
        ShortestInterval = TimeSpan.FromSeconds(1),
        Factory = context => new RaspberryPi(context),
    };

    protected override DeviceName Device => new(Context.Driver.Chip, "kernel", "");

    private IKernelFiles Files => Context.Header.Files;

    protected override ValueTask InitializeAsync(CancellationToken cancellationToken) =>
        ValueTask.CompletedTask; // what is not offered is left out of the reading

    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        var values = new SortedList<int, ReadingValue>();
        if (await TryReadAsync(TemperatureFile, cancellationToken).ConfigureAwait(false) is { } temperature)
            Add(values, "cpuTemperature", Number(temperature, TemperatureFile) / 1000);
        await AddThrottlingAsync(values, cancellationToken).ConfigureAwait(false);
        await AddProcAsync(values, cancellationToken).ConfigureAwait(false);
        await AddDisksAsync(values, cancellationToken).ConfigureAwait(false);
        if (Files.Exists("/run/systemd/timesync"))
            Add(values, "clockSynchronized", Files.Exists("/run/systemd/timesync/synchronized") ? 1 : 0);
        if (values.Count == 0)
            throw Fault(DriverFault.NoBus, "the kernel tells nothing of itself", "that no container or sandbox hides /sys and /proc");
        return Now([.. values.Values]);
    }

    protected override void Close()
    {
    }

    private async ValueTask AddThrottlingAsync(SortedList<int, ReadingValue> values, CancellationToken cancellationToken)
    {
        foreach (var file in ThrottlingFiles)
        {
            if (await TryReadAsync(file, cancellationToken).ConfigureAwait(false) is not { } text)
                continue;
            if (!uint.TryParse(text.Trim().Replace("0x", "", StringComparison.OrdinalIgnoreCase), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var word))
                throw Fault(DriverFault.Garbage, $"'{text.Trim()}' in {file}", "the firmware's version");
            for (var bit = 0; bit < Throttling.Length; bit++)
            {
                Add(values, Throttling[bit], (word >> bit) & 1);
                Add(values, Throttling[bit] + "SinceBoot", (word >> (16 + bit)) & 1);
            }

            return;
        }

        await AddVoltageAsync(values, cancellationToken).ConfigureAwait(false);
    }

    // The kernel's own watch of the supply, where the firmware's word is not offered: raspberrypi-hwmon names itself rpi_volt.
    private async ValueTask AddVoltageAsync(SortedList<int, ReadingValue> values, CancellationToken cancellationToken)
    {
        foreach (var sensor in Files.List(HardwareMonitors))
        {
            var folder = $"{HardwareMonitors}/{sensor}";
            if ((await TryReadAsync($"{folder}/name", cancellationToken).ConfigureAwait(false))?.Trim() != "rpi_volt"
                || await TryReadAsync($"{folder}/in0_lcrit_alarm", cancellationToken).ConfigureAwait(false) is not { } alarm)
                continue;
            Add(values, "underVoltage", Number(alarm, $"{folder}/in0_lcrit_alarm") == 0 ? 0 : 1);
            return;
        }
    }

    private async ValueTask AddProcAsync(SortedList<int, ReadingValue> values, CancellationToken cancellationToken)
    {
        if (await TryReadAsync("/proc/loadavg", cancellationToken).ConfigureAwait(false) is { } load)
            Add(values, "load1", Number(load.Split(' ')[0], "/proc/loadavg"));
        if (await TryReadAsync("/proc/uptime", cancellationToken).ConfigureAwait(false) is { } uptime)
            Add(values, "uptime", Number(uptime.Split(' ')[0], "/proc/uptime"));
        var memory = await TryReadAsync("/proc/meminfo", cancellationToken).ConfigureAwait(false);
        if (Field(memory, "MemAvailable:", 1) is { } available)
            Add(values, "memoryAvailable", Number(available, "/proc/meminfo") * 1024);
        if (Field(memory, "MemTotal:", 1) is { } total)
            Add(values, "memoryTotal", Number(total, "/proc/meminfo") * 1024);
        if (Field(await TryReadAsync("/proc/net/wireless", cancellationToken).ConfigureAwait(false), "wlan0:", 3) is { } signal)
            Add(values, "wifiSignal", Number(signal.TrimEnd('.'), "/proc/net/wireless"));
    }

    private async ValueTask AddDisksAsync(SortedList<int, ReadingValue> values, CancellationToken cancellationToken)
    {
        double? written = null, wear = null;
        foreach (var disk in Files.List("/sys/block").Where(disk => !disk.StartsWith("loop", StringComparison.Ordinal) && !disk.StartsWith("ram", StringComparison.Ordinal) && !disk.StartsWith("zram", StringComparison.Ordinal)))
        {
            var fields = (await TryReadAsync($"/sys/block/{disk}/stat", cancellationToken).ConfigureAwait(false))?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields is { Length: > WrittenSectors })
                written = (written ?? 0) + (Number(fields[WrittenSectors], $"/sys/block/{disk}/stat") * SectorBytes);
            if ((await TryReadAsync($"/sys/block/{disk}/device/life_time", cancellationToken).ConfigureAwait(false))?.Trim().Split(' ') is [{ Length: > 2 } first, ..]
                && int.TryParse(first.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var tenths) && tenths > 0)
                wear = Math.Max(wear ?? 0, tenths * 10);
        }

        if (Files.Space(Context.Options.Text("disk")) is { } space)
        {
            Add(values, "diskFree", space.Free);
            Add(values, "diskSize", space.Size);
        }

        if (written is { } bytes)
            Add(values, "diskWritten", bytes);
        if (wear is { } used)
            Add(values, "cardWear", used);
    }

    private void Add(SortedList<int, ReadingValue> values, string name, double value)
    {
        var readings = Context.Driver.Readings;
        for (var i = 0; i < readings.Length; i++)
            if (readings[i].Name == name)
                values[i] = Value(i, value);
    }

    private static string? Field(string? text, string key, int index)
    {
        foreach (var line in text?.Split('\n') ?? [])
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > index && fields[0] == key)
                return fields[index];
        }

        return null;
    }

    private double Number(string text, string file) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Fault(DriverFault.Garbage, $"'{text.Trim()}' in {file}", "the kernel: the file has another shape than expected");

    private async ValueTask<string?> TryReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return Files.Exists(file) ? await Files.ReadAsync(file, cancellationToken).ConfigureAwait(false) : null;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return null; // offered, but not to us: left out, as on a model without it
        }
    }
}
