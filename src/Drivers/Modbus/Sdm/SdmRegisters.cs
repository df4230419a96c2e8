using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

/// <summary>Input registers of Eastron's meters ("Modbus protocol" v2.4 for SDM120 and SDM230, v1.4 for SDM630).</summary>
internal static class SdmRegisters
{
    private const double Kilo = 1000;

    public static ImmutableArray<SdmRegister> OnePhase { get; } =
    [
        Volts("voltage", 0x0000, "Voltage"),
        Amperes("current", 0x0006, "Current"),
        new("power", Unit.Watt, 0x000C, 1, -1e6, 1e6, "Active power, drawn from the grid positive"),
        new("apparentPower", Unit.VoltAmpere, 0x0012, 1, -1e6, 1e6, "Apparent power"),
        new("reactivePower", Unit.Var, 0x0018, 1, -1e6, 1e6, "Reactive power"),
        new("powerFactor", Unit.None, 0x001E, 1, -1, 1, "Power factor"),
        new("frequency", Unit.Hertz, 0x0046, 1, 40, 70, "Mains frequency"),
        .. Energy,
    ];

    public static ImmutableArray<SdmRegister> ThreePhases { get; } =
    [
        Volts("voltage1", 0x0000, "Voltage of phase 1 against neutral"),
        Volts("voltage2", 0x0002, "Voltage of phase 2 against neutral"),
        Volts("voltage3", 0x0004, "Voltage of phase 3 against neutral"),
        Amperes("current1", 0x0006, "Current of phase 1"),
        Amperes("current2", 0x0008, "Current of phase 2"),
        Amperes("current3", 0x000A, "Current of phase 3"),
        new("power1", Unit.Watt, 0x000C, 1, -1e6, 1e6, "Active power of phase 1"),
        new("power2", Unit.Watt, 0x000E, 1, -1e6, 1e6, "Active power of phase 2"),
        new("power3", Unit.Watt, 0x0010, 1, -1e6, 1e6, "Active power of phase 3"),
        new("power", Unit.Watt, 0x0034, 1, -1e6, 1e6, "Active power of all phases, drawn from the grid positive"),
        new("apparentPower", Unit.VoltAmpere, 0x0038, 1, -1e6, 1e6, "Apparent power of all phases"),
        new("reactivePower", Unit.Var, 0x003C, 1, -1e6, 1e6, "Reactive power of all phases"),
        new("powerFactor", Unit.None, 0x003E, 1, -1, 1, "Power factor of all phases"),
        new("frequency", Unit.Hertz, 0x0046, 1, 40, 70, "Mains frequency"),
        .. Energy,
    ];

    private static ImmutableArray<SdmRegister> Energy =>
    [
        new("energyImport", Unit.WattHour, 0x0048, Kilo, 0, 1e12, "Energy drawn from the grid"),
        new("energyExport", Unit.WattHour, 0x004A, Kilo, 0, 1e12, "Energy given to the grid"),
        new("reactiveEnergyImport", Unit.VarHour, 0x004C, Kilo, 0, 1e12, "Reactive energy drawn"),
        new("reactiveEnergyExport", Unit.VarHour, 0x004E, Kilo, 0, 1e12, "Reactive energy given"),
        new("energy", Unit.WattHour, 0x0156, Kilo, 0, 1e12, "Energy in all; never falls on one meter"),
        new("reactiveEnergy", Unit.VarHour, 0x0158, Kilo, 0, 1e12, "Reactive energy in all"),
    ];

    private static SdmRegister Volts(string name, ushort address, string description) => new(name, Unit.Volt, address, 1, 0, 500, description);

    private static SdmRegister Amperes(string name, ushort address, string description) => new(name, Unit.Ampere, address, 1, -200, 200, description);
}
