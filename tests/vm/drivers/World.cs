using System.Diagnostics;

namespace EdgeGateway.VmTests;

/// <summary>The world outside of the guest's simulated devices: the command <c>sim</c>.</summary>
internal static class World
{
    public static string Sim(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("sim", arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"sim {string.Join(' ', arguments)}: exit code {process.ExitCode}");
    }

    public static void Pull(int line, bool up) => Sim("pull", $"{line}", up ? "up" : "down");

    public static bool Level(int line) => Sim("level", $"{line}") == "1";
}
