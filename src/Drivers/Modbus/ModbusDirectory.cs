namespace EdgeGateway.Drivers;

/// <summary>The Modbus lines by port, each shared by its slaves.</summary>
internal sealed class ModbusDirectory(Func<string, UartParameters, IUartPort> open, TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new(); // guards the map and the lines' slaves
    private readonly Dictionary<string, ModbusLine> _lines = [];

    /// <exception cref="DriverException">The slave is in use, or the line runs with other parameters.</exception>
    public ModbusSlave Open(string port, UartParameters parameters, byte slave, string chip)
    {
        var name = new DeviceName(chip, port, $"slave {slave}");
        lock (_lock)
        {
            if (!_lines.TryGetValue(port, out var line))
                line = _lines[port] = new ModbusLine(port, parameters, () => open(port, parameters), time);
            if (line.Parameters != parameters)
            {
                throw new DriverException(DriverFault.Option, name, $"the line runs at {Text(line.Parameters)}, not {Text(parameters)}",
                    "baud, parity and stop bits: all slaves of a line must have the same");
            }

            return line.Slaves.Add(slave)
                ? new ModbusSlave(line, name, slave, time, () => Release(line, slave))
                : throw new DriverException(DriverFault.Taken, name, "another device has this slave address", "the configured addresses on this line");
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var line in _lines.Values)
                line.Dispose();
            _lines.Clear();
        }
    }

    private static string Text(UartParameters parameters) => $"{parameters.Baud} baud 8{parameters.Parity.ToString()[0]}{parameters.StopBits}";

    private void Release(ModbusLine line, byte slave)
    {
        lock (_lock)
        {
            line.Slaves.Remove(slave);
            if (line.Slaves.Count > 0 || !_lines.Remove(line.Name))
                return;
            line.Dispose();
        }
    }
}
