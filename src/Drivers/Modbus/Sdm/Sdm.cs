using System.Buffers.Binary;
using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

/// <summary>Eastron's energy meters: a few requests a reading, each for a run of registers.</summary>
internal sealed class Sdm : ModbusSensor
{
    private const int MostRegisters = 40; // older firmware refuses more
    private const int LargestHole = 12; // registers read for nothing rather than asked for anew

    private readonly ImmutableArray<SdmRegister> _registers;
    private readonly ImmutableArray<(ushort Start, ushort Count)> _requests;
    private readonly int _total;
    private double? _lastTotal;
    private double? _fallenTotal;

    private Sdm(DriverContext context, ImmutableArray<SdmRegister> registers)
        : base(context)
    {
        _registers = registers;
        _requests = Requests(registers);
        _total = registers.Select(register => register.Name).ToList().IndexOf("energy");
    }

    public static DriverDescriptor Sdm120 { get; } = Make("sdm120", "SDM120", "Energy meter, one phase, 45 A", SdmRegisters.OnePhase, 2400, "Eastron SDM120-Modbus protocol v2.4");

    public static DriverDescriptor Sdm230 { get; } = Make("sdm230", "SDM230", "Energy meter, one phase, 100 A", SdmRegisters.OnePhase, 2400, "Eastron SDM230-Modbus protocol v1.2");

    public static DriverDescriptor Sdm630 { get; } = Make("sdm630", "SDM630", "Energy meter, three phases, 100 A", SdmRegisters.ThreePhases, 9600, "Eastron SDM630-Modbus protocol v1.4");

    /// <summary>Runs of registers that one request each fetches.</summary>
    internal static ImmutableArray<(ushort Start, ushort Count)> Requests(ImmutableArray<SdmRegister> registers)
    {
        var requests = ImmutableArray.CreateBuilder<(ushort Start, ushort Count)>();
        foreach (var address in registers.Select(register => register.Address).Order())
        {
            if (requests.Count > 0 && requests[^1] is var last && address + 2 - last.Start <= MostRegisters && address - (last.Start + last.Count) <= LargestHole)
                requests[^1] = (last.Start, (ushort)(address + 2 - last.Start));
            else
                requests.Add((address, 2));
        }

        return requests.ToImmutable();
    }

    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        var values = new ReadingValue[_registers.Length];
        foreach (var (start, count) in _requests)
        {
            var bytes = await Slave.ReadInputRegistersAsync(start, count, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < _registers.Length; i++)
            {
                var offset = (_registers[i].Address - start) * 2;
                if (offset >= 0 && offset < bytes.Length)
                    values[i] = Value(i, Math.Round(BinaryPrimitives.ReadSingleBigEndian(bytes.Span[offset..]) * _registers[i].Scale, 3));
            }
        }

        CheckTotal(values[_total].Value);
        return Now(ImmutableArray.Create(values));
    }

    // A meter's total never falls: once is an error, twice the same is another meter.
    private void CheckTotal(double total)
    {
        if (_lastTotal is { } last && total < last && !(_fallenTotal is { } fallen && total >= fallen))
        {
            _fallenTotal = total;
            throw Fault(DriverFault.Implausible, $"a total of {total} Wh after {last} Wh", "whether the meter was replaced or reset: the next reading is taken as the new meter's");
        }

        (_lastTotal, _fallenTotal) = (total, null);
    }

    private static DriverDescriptor Make(string name, string chip, string description, ImmutableArray<SdmRegister> registers, int baud, string datasheet) => new()
    {
        Name = name,
        Chip = chip,
        Description = description,
        Kind = DriverKind.Sensor,
        Bus = BusKind.Modbus,
        Readings = [.. registers.Select(register => new ReadingDescriptor(register.Name, register.Unit, register.Minimum, register.Maximum, register.Description))],
        Options = [.. WiredAt(baud)],
        Datasheet = datasheet,
        Wiring = "A and B of the meter to A and B of an RS-485 adapter with automatic direction, ground to ground, 120 Ω at both ends of the line. Mains wiring is for an electrician.",
        Accuracy = "Class 1 (1 %) for active energy.",
        Notes =
        [
            "Several meters share one line: the same baud rate, different addresses. A dead one is left alone for 10 to 60 s and holds the others up for no longer than two seconds.",
            "Nothing at all usually means that A and B are swapped.",
        ],
        Factory = context => new Sdm(context, registers),
    };
}
