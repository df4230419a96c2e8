using EdgeGateway.Drivers;

namespace Drivers.Tests.Modbus;

public sealed class ModbusFrameTests
{
    [Theory]
    [InlineData(1, 4, 0x0000, 2, "01040000000271CB")]
    [InlineData(1, 4, 0x000C, 2, "0104000C0002B1C8")]
    public void Request_OfTheProtocol_HasItsChecksum(byte slave, byte function, ushort start, ushort count, string frame) =>
        Assert.Equal(frame, Convert.ToHexString(ModbusFrame.Request(slave, function, start, count)));

    [Theory]
    [InlineData("010404436633341B38", 0, 9)] // 230.2 V
    [InlineData("018402C2C1", 0, 5)] // exception 2
    [InlineData("01040000000271CB010404436633341B38", 8, 9)] // our own echo first
    [InlineData("00FF01010404436633341B38", 3, 9)] // noise, a lone address among it
    [InlineData("010404010404436633341B38", 3, 9)] // a head without a tail, then the reply
    [InlineData("0104044366", 0, 0)] // not whole yet
    [InlineData("020404436633341B38", 9, 0)] // another slave's
    public void FindReply_Bytes_SkipsWhatIsNoReply(string bytes, int skip, int length)
    {
        var found = ModbusFrame.FindReply(Convert.FromHexString(bytes), 1, 4, 4);
        Assert.Equal((skip, length), (found.Skip, found.Length));
    }

    [Fact]
    public void FindReply_CutAnywhere_GivesNothingAndGrowsToTheFrame()
    {
        var whole = Convert.FromHexString("010404436633341B38");
        for (var length = 0; length < whole.Length; length++)
            Assert.Equal(0, ModbusFrame.FindReply(whole.AsSpan(0, length), 1, 4, 4).Length);
        Assert.Equal(9, ModbusFrame.FindReply(whole, 1, 4, 4).Length);
    }

    [Fact]
    public void FindReply_AnyBitFlipped_IsNotTaken()
    {
        for (var bit = 0; bit < 9 * 8; bit++)
        {
            var bytes = Convert.FromHexString("010404436633341B38");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(0, ModbusFrame.FindReply(bytes, 1, 4, 4).Length);
        }
    }
}
