namespace EdgeGateway.Drivers;

/// <summary>BST-BME680-DS001 rev 1.8 §5.2 and BST-BME688-DS000 rev 1.2 §5.2, as I²C sees them: one map, the gas result in another place.</summary>
internal static class Bme680Registers
{
    public const byte ResHeatVal = 0x00, ResHeatRange = 0x02, RangeSwitchingError = 0x04, Field = 0x1D, ResHeat0 = 0x5A, GasWait0 = 0x64,
        CtrlGas0 = 0x70, CtrlGas1 = 0x71, CtrlHum = 0x72, CtrlMeas = 0x74, Config = 0x75, FirstCalibration = 0x8A, Id = 0xD0, Reset = 0xE0,
        SecondCalibration = 0xE1, VariantId = 0xF0;

    public const byte ResetWord = 0xB6, IdBme680 = 0x61, ForcedMode = 0b01, RunGas680 = 0x10, RunGas688 = 0x20, HeatOff = 0x08;

    /// <summary>Bits of the first byte of <see cref="Field"/>.</summary>
    public const byte NewData = 0x80, GasMeasuring = 0x40, Measuring = 0x20;

    /// <summary>Bits of the gas result's second byte.</summary>
    public const byte GasValid = 0x20, HeaterStable = 0x10;

    /// <summary>Bytes from <see cref="Field"/> on that one measurement fills, and where in them its parts are.</summary>
    public const int FieldLength = 17, PressureAt = 2, TemperatureAt = 5, HumidityAt = 8, Gas680At = 13, Gas688At = 15;

    /// <summary>0x8A to 0xA0 and 0xE1 to 0xEE.</summary>
    public const int FirstCalibrationLength = 23, SecondCalibrationLength = 14;

    public const int Skipped20 = 0x80000, Skipped16 = 0x8000;
}
