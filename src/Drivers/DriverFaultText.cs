namespace EdgeGateway.Drivers;

public static class DriverFaultText
{
    /// <summary>The published word, such as <c>absent</c> or <c>wrong-chip</c>.</summary>
    public static string ToText(this DriverFault fault) => fault switch
    {
        DriverFault.Absent => "absent",
        DriverFault.NotReady => "not-ready",
        DriverFault.BusStuck => "bus-stuck",
        DriverFault.BusBusy => "bus-busy",
        DriverFault.BusFault => "bus-fault",
        DriverFault.WrongChip => "wrong-chip",
        DriverFault.Checksum => "crc-error",
        DriverFault.Garbage => "garbage",
        DriverFault.Implausible => "implausible",
        DriverFault.ChipFault => "chip-fault",
        DriverFault.NoBus => "no-bus",
        DriverFault.NoPermission => "no-permission",
        DriverFault.Taken => "taken",
        DriverFault.Option => "option",
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };
}
