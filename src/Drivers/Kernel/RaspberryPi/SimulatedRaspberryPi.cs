using System.Globalization;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>The files by which a Pi tells of itself.</summary>
public sealed class SimulatedRaspberryPi
{
    private readonly SimulatedKernelFiles _files;

    public SimulatedRaspberryPi(SimulatedHeader header)
    {
        _files = header.Kernel;
        SetTemperature(48.3);
        SetThrottling(0);
        _files.Add("/proc/loadavg", "0.42 0.30 0.25 1/180 4711\n");
        _files.Add("/proc/uptime", "86400.50 300000.00\n");
        _files.Add("/proc/meminfo", "MemTotal:         945364 kB\nMemFree:          200000 kB\nMemAvailable:     600000 kB\n");
        _files.Add("/proc/net/wireless", "Inter-| sta-|   Quality        |   Discarded packets\n face | tus | link level noise |  nwid  crypt\n wlan0: 0000   54.  -56.  -256        0      0\n");
        _files.Add("/sys/block/mmcblk0/stat", "  1000 20 30000 400  2000 50 8192 600 0 700 1000\n");
        _files.Add("/sys/block/mmcblk0/device/life_time", "0x02 0x01\n");
        _files.Add("/sys/block/loop0/stat", "1 2 3 4 5 6 7 8 9 10 11\n");
        _files.Add("/run/systemd/timesync/synchronized", "");
        _files.Disk = (11_200_000_000, 31_000_000_000);
    }

    public void SetTemperature(double celsius) => _files.Add(RaspberryPi.TemperatureFile, ((int)(celsius * 1000)).ToString(CultureInfo.InvariantCulture) + "\n");

    /// <summary>The firmware's word: bits 0 to 3 now, 16 to 19 since the boot.</summary>
    public void SetThrottling(uint word) => _files.Add(RaspberryPi.ThrottlingFiles[0], word.ToString("x", CultureInfo.InvariantCulture) + "\n");
}
