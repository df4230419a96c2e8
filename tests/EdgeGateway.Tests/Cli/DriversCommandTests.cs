using System.Text.Json;
using EdgeGateway.Cli;
using EdgeGateway.Drivers;
using Xunit;

namespace EdgeGateway.Tests.Cli;

/// <summary><c>edgegateway drivers</c> says what the catalogue says, without a running gateway.</summary>
public sealed class DriversCommandTests
{
    [Fact]
    public async Task Json_All_IsAnArrayOfEveryDriver()
    {
        var (code, output, _) = await RunAsync("drivers", "--json");
        Assert.Equal(0, code);
        using var document = JsonDocument.Parse(output);
        Assert.Equal(DriverCatalog.All.Select(static driver => driver.Name), document.RootElement.EnumerateArray().Select(static driver => driver.GetProperty("name").GetString()));
        var bme280 = document.RootElement.EnumerateArray().First(static driver => driver.GetProperty("name").GetString() == "bme280");
        Assert.Equal("i2c", bme280.GetProperty("bus").GetString());
        Assert.Equal("0x76", bme280.GetProperty("addresses")[0].GetString());
        Assert.Equal("°C", bme280.GetProperty("readings")[0].GetProperty("unit").GetString());
        Assert.Equal(-40, bme280.GetProperty("readings")[0].GetProperty("minimum").GetDouble());
        Assert.Equal("bus", bme280.GetProperty("options")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task Json_One_IsAnObject()
    {
        var (code, output, _) = await RunAsync("drivers", "relay", "--json");
        Assert.Equal(0, code);
        using var document = JsonDocument.Parse(output);
        Assert.Equal("actuator", document.RootElement.GetProperty("kinds")[0].GetString());
        Assert.True(document.RootElement.GetProperty("options")[0].GetProperty("required").GetBoolean());
    }

    [Fact]
    public async Task Text_AllAndOne_NameChipsAndOptions()
    {
        var (_, all, _) = await RunAsync("drivers");
        Assert.All(DriverCatalog.All, driver => Assert.Contains(driver.Name, all, StringComparison.Ordinal));
        var (_, one, _) = await RunAsync("drivers", "max31865");
        Assert.Contains("rref", one, StringComparison.Ordinal);
        Assert.Contains("IEC 60751", one, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_Driver_FailsInOneLine()
    {
        var (code, _, error) = await RunAsync("drivers", "bme281");
        Assert.Equal(1, code);
        Assert.Equal("edgegateway: there is no driver 'bme281'; 'edgegateway drivers' lists them", error.Trim());
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var code = await CommandLine.InvokeAsync(CommandLine.Create(new GlobalOptions()), arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
