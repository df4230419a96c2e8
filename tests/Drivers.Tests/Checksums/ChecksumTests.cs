using System.Text;
using EdgeGateway.Drivers;

namespace Drivers.Tests.Checksums;

public sealed class ChecksumTests
{
    [Theory]
    [InlineData("BEEF", 0x92)] // SHT3x datasheet §4.12
    [InlineData("01F4", 0x33)] // SCD4x datasheet §3.5.2
    [InlineData("6667", 0xA2)]
    [InlineData("5EB9", 0x3C)]
    [InlineData("43DB", 0xCB)] // SCD30 interface description §1.4.5
    [InlineData("8C2E", 0x8F)]
    [InlineData("41D9", 0x70)]
    [InlineData("E7FF", 0xF5)]
    [InlineData("4243", 0xBF)]
    [InlineData("3A1B", 0x74)]
    public void Sensirion_DatasheetWord_GivesItsChecksum(string bytes, byte expected) =>
        Assert.Equal(expected, Crc8.Sensirion(Convert.FromHexString(bytes)));

    [Theory]
    [InlineData("DC", 0x79)] // HTU21D datasheet, CRC example
    [InlineData("683A", 0x7C)]
    [InlineData("4E85", 0x6B)]
    public void Htu_DatasheetBytes_GiveTheirChecksum(string bytes, byte expected) =>
        Assert.Equal(expected, Crc8.Htu(Convert.FromHexString(bytes)));

    [Theory]
    [InlineData("021CB801000000", 0xA2)] // Maxim AN27
    [InlineData("72014B467FFF0E10", 0x57)]
    public void Maxim_KnownBytes_GiveTheirChecksum(string bytes, byte expected) =>
        Assert.Equal(expected, Crc8.Maxim(Convert.FromHexString(bytes)));

    [Theory]
    [InlineData("010400000002", "71CB")]
    [InlineData("01040443663334", "1B38")]
    [InlineData("0104000C0002", "B1C8")]
    [InlineData("018402", "C2C1")]
    public void Modbus_KnownFrame_GivesItsChecksumLowByteFirst(string bytes, string expected)
    {
        var crc = Crc16Modbus.Of(Convert.FromHexString(bytes));
        Assert.Equal(expected, $"{(byte)crc:X2}{crc >> 8:X2}");
    }

    [Fact]
    public void Low_Dht22Frame_GivesItsSum() => Assert.Equal(0xEE, Sums.Low([0x02, 0x8C, 0x01, 0x5F]));

    [Theory]
    [InlineData("86026047000000", 0xD1)] // MH-Z19B datasheet
    [InlineData("01860000000000", 0x79)]
    [InlineData("D402", 0x2A)] // PN532
    public void Complement_KnownBytes_GivesTheirChecksum(string bytes, byte expected) =>
        Assert.Equal(expected, Sums.Complement(Convert.FromHexString(bytes)));

    [Fact]
    public void Wide_Pms5003Command_GivesItsSum() => Assert.Equal(0x0170, Sums.Wide([0x42, 0x4D, 0xE1, 0x00, 0x00]));

    [Theory]
    [InlineData("GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,", 0x47)]
    [InlineData("GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W", 0x6A)]
    public void Xor_NmeaSentence_GivesItsChecksum(string sentence, byte expected) =>
        Assert.Equal(expected, Sums.Xor(Encoding.ASCII.GetBytes(sentence)));
}
