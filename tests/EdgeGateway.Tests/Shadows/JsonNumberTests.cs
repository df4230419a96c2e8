using System.Text;
using EdgeGateway.Shadows.Json;
using Xunit;

namespace EdgeGateway.Tests.Shadows;

public sealed class JsonNumberTests
{
    [Theory]
    [InlineData("1", "1.0", true)]
    [InlineData("1", "10e-1", true)]
    [InlineData("1", "0.1E+1", true)]
    [InlineData("100", "1e2", true)]
    [InlineData("1500", "1.5e3", true)]
    [InlineData("0.05", "5e-2", true)]
    [InlineData("-0", "0", true)]
    [InlineData("0", "0.00e7", true)]
    [InlineData("0", "1", false)]
    [InlineData("1", "-1", false)]
    [InlineData("1.05", "10.5", false)]
    [InlineData("105", "1.05", false)]
    [InlineData("101", "11", false)]
    [InlineData("9007199254740993", "9007199254740992", false)] // one double, two numbers
    [InlineData("1e999", "1e1000", false)]                      // both beyond any double
    [InlineData("1e999", "10e998", true)]
    [InlineData("1e99999999999999999999", "1e99999999999999999998", false)]
    [InlineData("1e-99999999999999999999", "1e99999999999999999999", false)]
    public void AreEqual_AsWritten(string left, string right, bool expected)
    {
        Assert.Equal(expected, JsonNumber.AreEqual(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right)));
        Assert.Equal(expected, JsonNumber.AreEqual(Encoding.UTF8.GetBytes(right), Encoding.UTF8.GetBytes(left)));
    }
}
