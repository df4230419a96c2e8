namespace EdgeGateway.IntegrationTests;

/// <summary>How a program ended and what it said.</summary>
public sealed record ProgramResult(string Command, int ExitCode, string Output, string Errors)
{
    /// <summary>Fails the test, with all the program said, unless it ended with 0.</summary>
    public ProgramResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"{Command} ended with {ExitCode}:\n{Errors}\n{Output}");
        return this;
    }

    public override string ToString() => $"{Command} → {ExitCode}\n{Output}\n{Errors}";
}
