namespace EdgeGateway.IntegrationTests.Identity;

/// <summary>
/// As <see cref="WrongClockTests"/>, but the clock of the whole process is wrong, OpenSSL's too: TLS does not ask our time provider.
/// Debian's libfaketime stands between the process and the clock; intervals are right, as they are on a Pi.
/// A clock that steps is there with a time provider only: the library's own sleeps do not survive a step.
/// </summary>
public sealed class WrongProcessClockTests
{
    [Theory]
    [InlineData("@1970-01-01 00:10:00", 1970)]
    [InlineData("+400d", 0)]
    public async Task Process_ClockWrong_DeviceIsAddedConnectsAndIsRevoked(string clock, int year)
    {
        using var folder = new TemporaryFolder();
        using var data = new TemporaryFolder();
        await using var gateway = await GatewayProcess.StartAsync(data.Path, Clock(clock));
        using var control = ControlSocketClient.For(data.Path);
        Assert.Equal(year == 0 ? TimeProvider.System.GetUtcNow().AddDays(400).Year : year, (await DateAsync(control)).Year);

        var line = await AddAsync(data, folder, "lamp");

        (await Programs.RunAsync("sh", ["-c", line])).Succeeded();                   // a client whose clock is right
        await RunAsync(data, "device", "remove", "lamp");
        Assert.NotEqual(0, (await Programs.RunAsync("sh", ["-c", line])).ExitCode);
    }

    private static Dictionary<string, string> Clock(string clock)
    {
        var library = Directory.GetDirectories("/usr/lib", "*-linux-*").Select(static folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists);
        Assert.True(library is not null, "libfaketime is missing: apt-get install libfaketime");
        return new()
        {
            ["LD_PRELOAD"] = library, ["FAKETIME"] = clock, ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1", ["DONT_FAKE_MONOTONIC"] = "1", ["NO_FAKE_STAT"] = "1",
        };
    }

    private static async Task<DateTimeOffset> DateAsync(HttpClient control)
    {
        using var answer = await control.GetAsync(new Uri("things", UriKind.Relative));
        return answer.Headers.Date!.Value;
    }

    /// <returns>The line that publishes.</returns>
    private static async Task<string> AddAsync(TemporaryFolder data, TemporaryFolder folder, string name) =>
        (await RunAsync(data, "device", "add", name, "--out", folder.In(name))).Output.Split('\n').Single(static text => text.StartsWith("mosquitto_pub ", StringComparison.Ordinal));

    private static async Task<ProgramResult> RunAsync(TemporaryFolder data, params string[] arguments) => (await GatewayProcess.RunAsync([.. arguments, "--data", data.Path])).Succeeded();
}
