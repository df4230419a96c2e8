using System.Buffers.Binary;
using System.Globalization;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>A DS18B20 as the kernel shows it: a folder with files that block for the conversion.</summary>
public sealed class SimulatedDs18b20
{
    private readonly SimulatedKernelFiles _files;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new(); // guards what the next reading gives
    private short _raw = 21 * 16;
    private int _bits = 12;
    private Func<byte[], string>? _fault;
    private int _faultTimes;
    private TaskCompletionSource? _hang;

    /// <param name="rom"><c>28-0316a2795f1b</c>.</param>
    public SimulatedDs18b20(SimulatedHeader header, string rom, TimeProvider time)
    {
        _files = header.Kernel;
        _time = time;
        Rom = rom;
        if (!_files.Exists($"{OneWireBus.Folder}/w1_bus_master1"))
            _files.Add($"{OneWireBus.Folder}/w1_bus_master1/w1_master_name", "w1_bus_master1\n");
        Appear();
    }

    public string Rom { get; }

    private string Folder => $"{OneWireBus.Folder}/{Rom}";

    public void SetTemperature(double celsius)
    {
        lock (_lock)
            _raw = (short)Math.Clamp(Math.Round(celsius * 16), -55 * 16, 125 * 16);
    }

    /// <summary>The kernel found it.</summary>
    public void Appear()
    {
        _files.Add($"{Folder}/w1_slave", new SimulatedFile(ReadSlaveAsync));
        _files.Add($"{Folder}/resolution", new SimulatedFile(
            _ => ValueTask.FromResult(_bits.ToString(CultureInfo.InvariantCulture) + "\n"),
            (text, _) =>
            {
                _bits = int.Parse(text, CultureInfo.InvariantCulture);
                return ValueTask.CompletedTask;
            }));
    }

    /// <summary>Readings do not come back before <see cref="Resume"/>.</summary>
    public void Hang()
    {
        lock (_lock)
            _hang ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Resume()
    {
        TaskCompletionSource? hang;
        lock (_lock)
            (hang, _hang) = (_hang, null);
        hang?.SetResult();
    }

    /// <summary>The kernel lost it.</summary>
    public void Vanish() => _files.Remove(Folder);

    /// <summary>The next readings have a wrong checksum, as the kernel prints it.</summary>
    public void SpoilChecksum(int times = 1) => Fail(bytes => $"{Hex(bytes)} : crc={bytes[8] ^ 0x55:x2} NO\n{Hex(bytes)} t={Millidegrees(bytes)}\n", times);

    /// <summary>The next readings come as an empty file, as newer kernels do after a wrong checksum.</summary>
    public void GoEmpty(int times = 1) => Fail(_ => "", times);

    /// <summary>The line is shorted: all zeros, whose checksum fits.</summary>
    public void Short(int times = 1) => Fail(_ => "00 00 00 00 00 00 00 00 00 : crc=00 YES\n00 00 00 00 00 00 00 00 00 t=0\n", times);

    /// <summary>It was without power for a moment: the next readings are exactly 85 °C.</summary>
    public void LosePower(int times = 1) => Fail(bytes => Print(Scratchpad(85 * 16, 12)), times);

    public void DenyAccess(int times = 1) => Fail(_ => throw new UnauthorizedAccessException($"Access to the path '{Folder}/w1_slave' is denied."), times);

    private static string Print(byte[] bytes) => $"{Hex(bytes)} : crc={bytes[8]:x2} YES\n{Hex(bytes)} t={Millidegrees(bytes)}\n";

    private static string Hex(byte[] bytes) => string.Join(' ', bytes.Select(value => value.ToString("x2", CultureInfo.InvariantCulture)));

    private static int Millidegrees(byte[] bytes) => BinaryPrimitives.ReadInt16LittleEndian(bytes) * 1000 / 16;

    private static byte[] Scratchpad(short raw, int bits)
    {
        var bytes = new byte[] { 0, 0, 0x4B, 0x46, (byte)(((bits - 9) << 5) | 0x1F), 0xFF, 0x0C, 0x10, 0 };
        BinaryPrimitives.WriteInt16LittleEndian(bytes, (short)(raw & ~((1 << (12 - bits)) - 1)));
        bytes[8] = Crc8.Maxim(bytes.AsSpan(0, 8));
        return bytes;
    }

    private void Fail(Func<byte[], string> fault, int times)
    {
        lock (_lock)
            (_fault, _faultTimes) = (fault, times);
    }

    private async ValueTask<string> ReadSlaveAsync(CancellationToken cancellationToken)
    {
        Task? hang;
        lock (_lock)
            hang = _hang?.Task;
        if (hang is not null)
            await hang.ConfigureAwait(false); // the kernel does not listen to a cancellation
        await Task.Delay(TimeSpan.FromMilliseconds(750 >> (12 - _bits)), _time, cancellationToken).ConfigureAwait(false);
        Func<byte[], string>? fault = null;
        byte[] bytes;
        lock (_lock)
        {
            bytes = Scratchpad(_raw, _bits);
            if (_faultTimes > 0)
            {
                _faultTimes--;
                fault = _fault;
            }
        }

        return fault is null ? Print(bytes) : fault(bytes);
    }
}
