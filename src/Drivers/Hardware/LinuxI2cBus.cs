using System.Device.I2c;
using System.Runtime.InteropServices;

namespace EdgeGateway.Drivers.Hardware;

/// <summary>/dev/i2c-N through I2C_RDWR: as System.Device.Gpio's own, but with a deadline in the kernel and errno in the exception.</summary>
internal sealed unsafe class LinuxI2cBus : I2cBus
{
    private const nuint SetRetries = 0x0701, SetTimeout = 0x0702, SetAddress = 0x0703, ReadWrite = 0x0707; // linux/i2c-dev.h
    private const ushort ReadFlag = 1;

    // In units of 10 ms. The SCD30 may stretch the clock for 150 ms once a day; what takes longer is stuck.
    private const nint Timeout = 25;

    private readonly int _number;
    private readonly Lock _lock = new(); // guards _file
    private int _file;

    /// <exception cref="IOException">Not there, or failing.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission.</exception>
    public LinuxI2cBus(int number)
    {
        _number = number;
        _file = LibC.Open($"/dev/i2c-{number}", LibC.OpenReadWrite | LibC.OpenCloseOnExec);
        if (_file < 0)
            throw LibC.Failure($"/dev/i2c-{number}");
        // Hints that an adapter may refuse: it then keeps its own, which is a second.
        _ = LibC.Control(_file, SetTimeout, Timeout);
        _ = LibC.Control(_file, SetRetries, 0);
    }

    public override I2cDevice CreateDevice(int deviceAddress)
    {
        lock (_lock)
        {
            if (LibC.Control(_file, SetAddress, deviceAddress) < 0)
                throw new I2cTransferException(LibC.Errno); // EBUSY: a kernel driver is bound. Never forced.
            return new Device(this, deviceAddress);
        }
    }

    public override void RemoveDevice(int deviceAddress)
    {
        // All devices share the one file.
    }

    protected override void Dispose(bool disposing)
    {
        lock (_lock)
        {
            if (_file >= 0)
                _ = LibC.Close(_file);
            _file = -1;
        }
    }

    private void Transfer(int address, ReadOnlySpan<byte> write, Span<byte> read, bool isRead)
    {
        fixed (byte* writeBytes = write, readBytes = read)
        {
            var messages = stackalloc Message[2];
            var count = 0;
            if (!write.IsEmpty || !isRead)
                messages[count++] = new Message { Address = (ushort)address, Length = (ushort)write.Length, Bytes = writeBytes };
            if (isRead)
                messages[count++] = new Message { Address = (ushort)address, Flags = ReadFlag, Length = (ushort)read.Length, Bytes = readBytes };
            var transfer = new MessageSet { Messages = messages, Count = (uint)count };
            int result;
            do
                result = LibC.Control(_file, ReadWrite, &transfer);
            while (result < 0 && LibC.Errno == LibC.Interrupted);
            if (result < 0)
                throw new I2cTransferException(LibC.Errno);
        }
    }

    // struct i2c_msg
    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public ushort Address;
        public ushort Flags;
        public ushort Length;
        public byte* Bytes;
    }

    // struct i2c_rdwr_ioctl_data
    [StructLayout(LayoutKind.Sequential)]
    private struct MessageSet
    {
        public Message* Messages;
        public uint Count;
    }

    private sealed class Device(LinuxI2cBus bus, int address) : I2cDevice
    {
        public override I2cConnectionSettings ConnectionSettings { get; } = new(bus._number, address);

        public override void Read(Span<byte> buffer) => bus.Transfer(address, [], buffer, isRead: true);

        public override void Write(ReadOnlySpan<byte> buffer) => bus.Transfer(address, buffer, [], isRead: false);

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => bus.Transfer(address, writeBuffer, readBuffer, isRead: true);
    }
}
