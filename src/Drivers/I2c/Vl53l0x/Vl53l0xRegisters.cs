namespace EdgeGateway.Drivers;

/// <summary>VL53L0X as ST's API (STSW-IMG005 1.0.2) names its registers; the datasheet DS11555 rev 4 lists the identification only.</summary>
internal static class Vl53l0xRegisters
{
    public const byte SysrangeStart = 0x00, SequenceConfig = 0x01, InterruptConfig = 0x0A, InterruptClear = 0x0B, InterruptStatus = 0x13,
        RangeStatus = 0x14, MinimumSignalRate = 0x44, DynamicSpadNumber = 0x4E, DynamicSpadOffset = 0x4F, MsrcConfig = 0x60, PowerMode = 0x80,
        SpadStrobe = 0x83, GpioActiveHigh = 0x84, I2cMode = 0x88, PadSupply = 0x89, StopVariable = 0x91, SpadInfo = 0x92, SpadKey = 0x94, SpadMap = 0xB0,
        SpadStart = 0xB6, ModelId = 0xC0, ModuleId = 0xC1, RevisionId = 0xC2, Page = 0xFF;

    public const byte Model = 0xEE, Module = 0xAA;

    public const byte StartSingle = 0x01, VhvCalibration = 0x41, NewSample = 0x04, ReadyBits = 0x07;

    /// <summary>Steps of a ranging: dynamic SPAD selection, pre-range and final range; without the minimum signal check.</summary>
    public const byte RangingSteps = 0xE8;

    /// <summary>Where in the twelve bytes from <see cref="RangeStatus"/> the distance in mm stands.</summary>
    public const int ResultLength = 12, DistanceAt = 10;

    /// <summary>DeviceRangeStatus, bits 6 to 3: what a measurement came to.</summary>
    public const int RangeComplete = 11;

    /// <summary>Larger distances mean: no target.</summary>
    public const int NoTarget = 8190;
}
