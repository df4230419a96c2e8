using System.Globalization;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>A DHT22 or DHT11 as the kernel's IIO driver shows it.</summary>
public sealed class SimulatedDht
{
    private readonly SimulatedKernelFiles _files;
    private readonly Lock _lock = new(); // guards what the next reading gives
    private readonly string _folder;
    private int _millidegrees = 21_500, _millipercent = 45_200;
    private int _failures;

    /// <param name="pin">GPIO of the overlay.</param>
    /// <param name="index">Number of the IIO device.</param>
    public SimulatedDht(SimulatedHeader header, int pin = 4, int index = 0)
    {
        _files = header.Kernel;
        _folder = $"{IioDevices.Folder}/iio:device{index}";
        Name = string.Create(CultureInfo.InvariantCulture, $"dht11@{pin:x}");
        Appear();
    }

    public string Name { get; }

    public int Reads { get; private set; }

    /// <summary>As the kernel gives them, in thousandths.</summary>
    public void Set(int millidegrees, int millipercent)
    {
        lock (_lock)
            (_millidegrees, _millipercent) = (millidegrees, millipercent);
    }

    /// <summary>The next transfers lose a bit: EIO.</summary>
    public void Fail(int times)
    {
        lock (_lock)
            _failures = times;
    }

    public void Appear()
    {
        _files.Add($"{_folder}/name", Name + "\n");
        _files.Add($"{_folder}/in_temp_input", new SimulatedFile(_ => new(Read(isTransfer: true))));
        _files.Add($"{_folder}/in_humidityrelative_input", new SimulatedFile(_ => new(Read(isTransfer: false))));
    }

    /// <summary>The overlay was taken away.</summary>
    public void Vanish() => _files.Remove(_folder);

    private string Read(bool isTransfer)
    {
        lock (_lock)
        {
            if (!isTransfer)
                return _millipercent.ToString(CultureInfo.InvariantCulture) + "\n";
            Reads++;
            if (_failures-- > 0)
                throw new IOException("Input/output error", I2cErrno.InputOutput);
            _failures = 0;
            return _millidegrees.ToString(CultureInfo.InvariantCulture) + "\n";
        }
    }
}
