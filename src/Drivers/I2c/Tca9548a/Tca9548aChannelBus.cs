using System.Device.I2c;

namespace EdgeGateway.Drivers;

/// <summary>
/// One channel of a TCA9548A as a bus: select, transfer, deselect, under the parent's lock.
/// Two channels are never on at once, since that joins their addresses. Facts: TI SCPS207H §8.6.
/// </summary>
internal sealed class Tca9548aChannelBus(I2cBusOwner parent, int muxAddress, int channel) : I2cBus
{
    public override I2cDevice CreateDevice(int deviceAddress) => new Device(this, deviceAddress);

    public override void RemoveDevice(int deviceAddress)
    {
        // The parent's devices are shared by the channels.
    }

    private void Run(int address, BusQueue.Holder holder, ReadOnlySpan<byte> write, Span<byte> read, bool isRead)
    {
        parent.Queue.Enter(holder, parent.Deadline);
        try
        {
            var mux = parent.RawDevice(muxAddress);
            Select(mux, (byte)(1 << channel));
            try
            {
                var device = parent.RawDevice(address);
                if (!isRead)
                    device.Write(write);
                else if (write.IsEmpty)
                    device.Read(read);
                else
                    device.WriteRead(write, read);
            }
            finally
            {
                Select(mux, 0);
            }
        }
        finally
        {
            parent.Queue.Exit();
        }
    }

    // Whoever lost its way here is the switch, not the device behind it.
    private void Select(I2cDevice mux, byte mask)
    {
        try
        {
            mux.WriteByte(mask);
        }
        catch (IOException ex) when (ex is not DriverException)
        {
            var errno = I2cErrno.Of(ex);
            var isAbsent = errno is I2cErrno.RemoteIo or I2cErrno.NoSuchDevice;
            throw new DriverException(isAbsent ? DriverFault.Absent : DriverFault.BusFault, new DeviceName("TCA9548A", parent.Name, I2cBusOwner.Hex(muxAddress)),
                isAbsent ? $"no acknowledge (errno {errno})" : $"channel {channel} was not switched (errno {errno})",
                "power, A0 to A2 and RESET, which must be high; a channel that is held low is set free by RESET", ex);
        }
    }

    private sealed class Device(Tca9548aChannelBus bus, int address) : I2cDevice
    {
        private readonly BusQueue.Holder _holder = new(new DeviceName("a device behind a TCA9548A", "", I2cBusOwner.Hex(address)));

        public override I2cConnectionSettings ConnectionSettings { get; } = new(0, address);

        public override void Read(Span<byte> buffer) => bus.Run(address, _holder, [], buffer, isRead: true);

        public override void Write(ReadOnlySpan<byte> buffer) => bus.Run(address, _holder, buffer, [], isRead: false);

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => bus.Run(address, _holder, writeBuffer, readBuffer, isRead: true);
    }
}
