using PhoneNumbers;

namespace SchoolHome.Web.People;

/// <summary>Phone numbers as people write them, in the one form in which they are kept.</summary>
internal static class Phones
{
    private static readonly PhoneNumberUtil Numbers = PhoneNumberUtil.GetInstance();

    /// <summary>E.164 (<c>+8619910000001</c>); null when it is no phone number. Numbers without a country code are Chinese.</summary>
    public static string? Normalize(string? written)
    {
        if (string.IsNullOrWhiteSpace(written) || written.Length > 40)
            return null;

        try
        {
            var number = Numbers.Parse(written, "CN");
            return Numbers.IsValidNumber(number) ? Numbers.Format(number, PhoneNumberFormat.E164) : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }
}
