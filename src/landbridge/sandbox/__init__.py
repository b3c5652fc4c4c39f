"""LinkedIn and SmartRecruiters on a laptop. Imports nothing of landbridge outside this package."""
