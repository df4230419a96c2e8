namespace EdgeGateway.Drivers;

/// <summary>BST-BME280-DS002 rev 1.9 §5.3 and BST-BMP280-DS001 rev 1.26 §4.3: one map, the BMP280 without the humidity part.</summary>
internal static class Bme280Registers
{
    public const byte Calibration = 0x88, CalibrationH1 = 0xA1, Id = 0xD0, Reset = 0xE0, CalibrationH2 = 0xE1, CtrlHum = 0xF2, Status = 0xF3,
        CtrlMeas = 0xF4, Config = 0xF5, Data = 0xF7;

    public const byte ResetWord = 0xB6, ForcedMode = 0b01, StatusMeasuring = 0b1000, StatusImageUpdate = 0b0001;

    public const byte IdBme280 = 0x60, IdBmp280 = 0x58, IdBme680 = 0x61, IdBmp180 = 0x55;

    /// <summary>What a data register holds when its measurement is turned off.</summary>
    public const int Skipped20 = 0x80000, Skipped16 = 0x8000;
}
