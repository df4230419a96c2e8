namespace EdgeGateway.Drivers;

/// <summary>Who and where: the chip by part number, the bus by the kernel's name, the place on the bus.</summary>
/// <param name="Address">"0x76", a 1-Wire ROM, "GPIO17"; empty where the bus has one device only.</param>
public readonly record struct DeviceName(string Chip, string Bus, string Address)
{
    public override string ToString() => Address.Length == 0 ? $"{Chip} on {Bus}" : $"{Chip} at {Address} on {Bus}";
}
