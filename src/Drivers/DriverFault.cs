namespace EdgeGateway.Drivers;

/// <summary>What went wrong with a device, for health displays and back-off.</summary>
public enum DriverFault
{
    /// <summary>Nothing answers at the address.</summary>
    Absent,

    /// <summary>It answers, but did not finish in the time its datasheet allows.</summary>
    NotReady,

    /// <summary>This chip, or a short circuit, holds a line of the bus.</summary>
    BusStuck,

    /// <summary>Another device held the bus too long for a turn to come.</summary>
    BusBusy,

    /// <summary>The bus reported an electrical or arbitration error.</summary>
    BusFault,

    /// <summary>Another chip answers at the address.</summary>
    WrongChip,

    /// <summary>A checksum does not fit the bytes.</summary>
    Checksum,

    /// <summary>The bytes have not the shape they must have: too few, empty, all zero, all one, out of sync.</summary>
    Garbage,

    /// <summary>The value is impossible for this chip.</summary>
    Implausible,

    /// <summary>The chip itself reports a fault, such as an open thermocouple.</summary>
    ChipFault,

    /// <summary>The bus or line does not exist or is not enabled.</summary>
    NoBus,

    /// <summary>The process may not open the bus.</summary>
    NoPermission,

    /// <summary>The pin or address is in use by another device or a kernel driver.</summary>
    Taken,

    /// <summary>An option or a commanded value is not one the driver takes.</summary>
    Option,
}
