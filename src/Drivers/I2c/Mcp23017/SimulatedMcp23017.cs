namespace EdgeGateway.Drivers.Simulation;

/// <summary>An MCP23017 with its two register maps, polarity, latches and pins.</summary>
public sealed class SimulatedMcp23017(TimeProvider time) : SimulatedI2cChip(time)
{
    private readonly Mcp23017Core _core = new();
    private int _pointer;

    /// <summary>Levels of the sixteen pins, A0 lowest.</summary>
    public int Levels
    {
        get
        {
            lock (Gate)
                return _core.Levels;
        }
    }

    /// <summary>Drives a pin from outside; it shows where the pin is an input.</summary>
    public void Drive(int pin, bool high)
    {
        lock (Gate)
            _core.Drive(pin, high);
    }

    /// <summary>An earlier program has set BANK = 1.</summary>
    public void SetBank1()
    {
        lock (Gate)
            _core.SetBank1();
    }

    protected override void PowerOn()
    {
        _core.PowerOn();
        _pointer = 0;
    }

    protected override void OnWrite(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        _pointer = bytes[0];
        foreach (var value in bytes[1..])
            _core.Write(_pointer++, value);
    }

    protected override void OnRead(Span<byte> bytes)
    {
        foreach (ref var value in bytes)
            value = _core.Read(_pointer++);
    }
}
