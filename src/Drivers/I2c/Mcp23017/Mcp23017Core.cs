namespace EdgeGateway.Drivers.Simulation;

/// <summary>The registers of a simulated MCP23x17, whichever bus it hangs on.</summary>
internal sealed class Mcp23017Core
{
    private readonly byte[] _registers = new byte[0x16];
    private int _outside = 0xFFFF;

    /// <summary>BANK = 1: another map, left by an earlier program.</summary>
    public bool IsBank1 { get; private set; }

    public bool UsesAddressPins => (_registers[Mcp23017Registers.Configuration] & Mcp23017Registers.AddressPins) != 0;

    /// <summary>Levels the pins carry, outputs as driven.</summary>
    public int Levels => (Pair(Mcp23017Registers.Latch) & ~Pair(Mcp23017Registers.Direction)) | (_outside & Pair(Mcp23017Registers.Direction));

    public void PowerOn()
    {
        Array.Clear(_registers);
        _registers[0] = _registers[1] = 0xFF;
        IsBank1 = false;
    }

    public void SetBank1() => IsBank1 = true;

    public void Drive(int pin, bool high) => _outside = high ? _outside | (1 << pin) : _outside & ~(1 << pin);

    public void Write(int address, byte value)
    {
        if (IsBank1)
        {
            if (address == Mcp23017Registers.ConfigurationOfBank1)
                SetConfiguration(value);
            return; // no other register lies where BANK = 0 has it
        }

        switch (address)
        {
            case Mcp23017Registers.Configuration or Mcp23017Registers.Configuration + 1:
                SetConfiguration(value);
                break;
            case Mcp23017Registers.Port or Mcp23017Registers.Port + 1:
                _registers[address + 2] = value; // writing the port writes the latch
                break;
            case >= 0 and < 0x16 and not (0x0E or 0x0F or 0x10 or 0x11):
                _registers[address] = value;
                break;
        }
    }

    public byte Read(int address)
    {
        if (address is Mcp23017Registers.Port or Mcp23017Registers.Port + 1)
        {
            var inputs = Pair(Mcp23017Registers.Direction);
            var levels = Levels ^ (Pair(Mcp23017Registers.Polarity) & inputs);
            return (byte)(address == Mcp23017Registers.Port ? levels : levels >> 8);
        }

        return address < _registers.Length ? _registers[address] : (byte)0;
    }

    private int Pair(int register) => _registers[register] | (_registers[register + 1] << 8);

    private void SetConfiguration(byte value)
    {
        IsBank1 = (value & Mcp23017Registers.Bank) != 0;
        _registers[Mcp23017Registers.Configuration] = _registers[Mcp23017Registers.Configuration + 1] = value;
    }
}
