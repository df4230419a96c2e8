namespace EdgeGateway.Drivers.Simulation;

/// <summary>An MCP9808 that measures all the time.</summary>
public sealed class SimulatedMcp9808(TimeProvider time) : SimulatedWordChip(time)
{
    private double _celsius = 21;

    public void SetTemperature(double celsius)
    {
        lock (Gate)
            _celsius = celsius;
    }

    protected override void PowerOn()
    {
        Array.Clear(Words);
        Words[Mcp9808.Manufacturer] = 0x0054;
        Words[Mcp9808.DeviceId] = 0x0400;
        Words[Mcp9808.Resolution] = 0x0303; // one byte wide
    }

    protected override byte Pointer(byte written) => (byte)(written & 0x0F);

    protected override bool IsWritable(byte register) => register is >= 1 and <= 4;

    protected override void OnReading(byte register)
    {
        var raw = (int)Math.Round(_celsius * 16);
        if (register == Mcp9808.Ambient)
            Words[register] = (ushort)(0xC000 | (raw & 0x1FFF)); // above the limits of 0 °C: flags are set
    }
}
