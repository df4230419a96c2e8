namespace EdgeGateway.Drivers;

/// <summary>A value of a meter.</summary>
/// <param name="Address">Of its first register; each value takes two (IEEE 754, big-endian).</param>
/// <param name="Scale">From the meter's unit to ours.</param>
internal readonly record struct SdmRegister(string Name, string Unit, ushort Address, double Scale, double Minimum, double Maximum, string Description);
