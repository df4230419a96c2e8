namespace EdgeGateway.Drivers;

/// <summary>InvenSense RM-MPU-6000A rev 4.2.</summary>
internal static class Mpu6050Registers
{
    public const byte SampleRateDivider = 0x19, Config = 0x1A, GyroConfig = 0x1B, AccelConfig = 0x1C, Data = 0x3B, PowerManagement1 = 0x6B, WhoAmI = 0x75;

    public const byte DeviceReset = 0x80, Sleep = 0x40, ClockFromGyro = 0x01;

    /// <summary>WHO_AM_I of the MPU6050 whatever AD0 is, its siblings MPU6500 and MPU9250, and clones.</summary>
    public const byte IdMpu6050 = 0x68, IdMpu6500 = 0x70, IdMpu9250 = 0x71, IdClone72 = 0x72, IdClone98 = 0x98;

    /// <summary>Acceleration, temperature and rotation: seven words, big-endian.</summary>
    public const int DataLength = 14;

    /// <summary>Low pass at 44 Hz and 1 kHz inside, divided by ten.</summary>
    public const byte LowPass44Hertz = 3, HundredHertz = 9;
}
