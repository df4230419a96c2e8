using System.Diagnostics;

namespace EdgeGateway.IntegrationTests;

/// <summary>Runs real clients (mosquitto, Python, Node, AWS CLI) to their end, under one generous timeout.</summary>
internal static class Programs
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Root of the source tree.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Folder of the npm packages; <c>./test</c> fills its <c>node_modules</c>.</summary>
    public static string NodeFolder { get; } = Path.Combine(Repository, "tests", "clients", "node");

    public static async Task<ProgramResult> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? input = null, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = folder ?? "" };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', start.ArgumentList)} took longer than {Patience}:\n{await errors}\n{await output}");
        }
        return new($"{program} {string.Join(' ', start.ArgumentList)}", process.ExitCode, await output, await errors);
    }

    /// <summary>Runs a CommonJS script by Node with the packages of <see cref="NodeFolder"/> at hand.</summary>
    public static Task<ProgramResult> NodeAsync(string script, IReadOnlyDictionary<string, string>? environment = null) =>
        RunAsync("node", ["--input-type=commonjs", "-e", script], environment, folder: NodeFolder);

    private static string FindRepository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "EdgeGateway.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException($"no EdgeGateway.sln above {AppContext.BaseDirectory}");
        return folder;
    }
}
