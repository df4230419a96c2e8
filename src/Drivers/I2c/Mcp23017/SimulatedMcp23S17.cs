using System.Device.Spi;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>An MCP23S17: listens to its strapped address only once HAEN is set, before that to 0.</summary>
public sealed class SimulatedMcp23S17 : SimulatedSpiChip
{
    private readonly Mcp23017Core _core = new();
    private readonly int _address;

    public SimulatedMcp23S17(TimeProvider time, int address = 0)
        : base(time)
    {
        _address = address;
        _core.PowerOn();
    }

    public int Levels
    {
        get
        {
            lock (Gate)
                return _core.Levels;
        }
    }

    public void Drive(int pin, bool high)
    {
        lock (Gate)
            _core.Drive(pin, high);
    }

    public void PowerCycle()
    {
        lock (Gate)
            _core.PowerOn();
    }

    protected internal override bool Accepts(SpiMode mode) => mode is SpiMode.Mode0 or SpiMode.Mode3;

    protected internal override int MaximumClockHertz => 10_000_000;

    protected override void Exchange(ReadOnlySpan<byte> output, Span<byte> input)
    {
        input.Fill(0xFF);
        var mine = _core.UsesAddressPins ? _address : 0;
        if (output.Length < 2 || (output[0] >> 1) != (0x20 | mine))
            return;
        var register = (int)output[1];
        for (var i = 2; i < output.Length; i++, register++)
        {
            if ((output[0] & 1) != 0)
                input[i] = _core.Read(register);
            else
                _core.Write(register, output[i]);
        }
    }
}
