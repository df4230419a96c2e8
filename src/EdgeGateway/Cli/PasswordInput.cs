using System.CommandLine;
using System.Text;

namespace EdgeGateway.Cli;

/// <summary>Where a command gets a password: a file, a pipe, or typed twice. Never from the command line, where every user of the machine sees it.</summary>
internal static class PasswordInput
{
    public static Option<string> Option() => new("--password-file") { Description = "Read the password from the first line of FILE; default: typed, or from a pipe", HelpName = "FILE" };

    /// <exception cref="CommandFailedException">No password came, or two different ones.</exception>
    public static string Read(CommandContext context, string? file)
    {
        if (file is not null)
            return FirstLine(file);
        if (Console.IsInputRedirected)
            return Console.In.ReadLine() is { Length: > 0 } line ? line : throw new CommandFailedException("no password on standard input");
        context.Error.Write("Password: ");
        var password = Typed(context.Error);
        context.Error.Write("Again: ");
        return Typed(context.Error) == password ? password : throw new CommandFailedException("the two passwords differ");
    }

    private static string FirstLine(string file)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault() is { Length: > 0 } line ? line : throw new CommandFailedException($"{file} holds no password");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"cannot read {file}: {fault.Message}", ExitCodes.Failed, fault);
        }
    }

    private static string Typed(TextWriter echo)
    {
        var text = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace)
                text.Length = Math.Max(0, text.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                text.Append(key.KeyChar);
        }
        echo.WriteLine();
        return text.ToString();
    }
}
