namespace EdgeGateway.Drivers;

/// <summary>What Linux's I²C adapters answer (Documentation/i2c/fault-codes).</summary>
public static class I2cErrno
{
    public const int InputOutput = 5, NoSuchDevice = 6, Again = 11, Busy = 16, NotSupported = 95, TimedOut = 110, RemoteIo = 121;

    /// <summary>The errno in an exception of ours or of System.Device.Gpio, which gives it in the text only; 0 if there is none.</summary>
    public static int Of(IOException exception)
    {
        if (exception is I2cTransferException transfer)
            return transfer.Errno;
        const string before = "Error ";
        var at = exception.Message.IndexOf(before, StringComparison.Ordinal);
        if (at < 0)
            return 0;
        var digits = exception.Message.AsSpan(at + before.Length);
        var length = 0;
        while (length < digits.Length && char.IsAsciiDigit(digits[length]))
            length++;
        return int.TryParse(digits[..length], out var errno) ? errno : 0;
    }
}
