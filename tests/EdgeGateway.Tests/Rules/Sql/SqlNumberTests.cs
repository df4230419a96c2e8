using System.Globalization;
using System.Text;
using CsCheck;
using EdgeGateway.Rules.Sql;
using Xunit;

namespace EdgeGateway.Tests.Rules.Sql;

public sealed class SqlNumberTests
{
    private static SqlNumber Number(string text) => SqlNumber.TryParse(Encoding.ASCII.GetBytes(text), out var number) ? number : throw new FormatException(text);

    [Theory]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("9223372036854775808", "9223372036854775808")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("1234567890123456789012345678901234", "1234567890123456789012345678901234")]
    [InlineData("12345678901234567890123456789012345", "1.234567890123456789012345678901234E+34")]
    [InlineData("12345678901234567890123456789012355", "1.234567890123456789012345678901236E+34")]
    [InlineData("10.500", "10.5")]
    [InlineData("1E3", "1000")]
    [InlineData("1.5e-7", "0.00000015")]
    [InlineData("1.5e-8", "1.5E-8")]
    [InlineData("1e33", "1000000000000000000000000000000000")]
    [InlineData("1.23e40", "1.23E+40")]
    [InlineData("0.000", "0")]
    [InlineData("1e-5000", "0")]
    public void ToString_Number_IsExactAndInOneForm(string text, string expected) => Assert.Equal(expected, Number(text).ToString());

    [Fact]
    public void Parse_AboveTheRange_IsRefused() => Assert.False(SqlNumber.TryParse("1e1000"u8, out _));

    [Theory]
    [InlineData("1", "3", "0.3333333333333333333333333333333333")]
    [InlineData("2", "3", "0.6666666666666666666666666666666667")]
    [InlineData("-7", "2", "-3.5")]
    [InlineData("1e20", "1e-20", "1E+40")]
    public void Divide_Numbers_Keeps34Digits(string a, string b, string expected) => Assert.Equal(expected, SqlNumber.Divide(Number(a), Number(b)).ToString());

    /// <summary>The 28 digits of <see cref="decimal"/> are the reference where they suffice.</summary>
    [Fact]
    public void Arithmetic_SmallNumbers_AgreesWithDecimal()
    {
        var operand = Gen.Select(Gen.Int[-1_000_000, 1_000_000], Gen.Int[0, 5], (mantissa, scale) => mantissa / (decimal)Math.Pow(10, scale));
        Gen.Select(operand, operand).Sample((x, y) =>
        {
            var (a, b) = (Of(x), Of(y));
            Assert.Equal(Of(x + y), SqlNumber.Add(a, b));
            Assert.Equal(Of(x - y), SqlNumber.Subtract(a, b));
            Assert.Equal(Of(x * y), SqlNumber.Multiply(a, b));
            Assert.Equal(x.CompareTo(y), Math.Sign(a.CompareTo(b)));
            Assert.Equal(Of(Math.Floor(x)), a.Floor());
            Assert.Equal(Of(Math.Ceiling(x)), a.Ceiling());
            Assert.Equal(Of(Math.Round(x, MidpointRounding.AwayFromZero)), a.Round());
            if (y != 0)
                Assert.Equal(Of(x % y), SqlNumber.Remainder(a, b));
        }, iter: 5_000);
    }

    [Fact]
    public void Compare_AnyTwo_AgreesWithSubtraction()
    {
        var operand = Gen.Select(Gen.Long, Gen.Int[-60, 60], (mantissa, exponent) => Number(string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{exponent}")));
        Gen.Select(operand, operand).Sample((a, b) =>
        {
            var difference = SqlNumber.Subtract(a, b)!.Value;
            if (!difference.IsZero || a.Equals(b))
                Assert.Equal(difference.Sign, Math.Sign(a.CompareTo(b)));
            Assert.Equal(a.CompareTo(b) == 0, a.Equals(b));
        }, iter: 5_000);
    }

    private static SqlNumber Of(decimal value) => Number(value.ToString(CultureInfo.InvariantCulture));
}
